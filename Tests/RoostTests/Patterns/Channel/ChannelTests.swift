import Distributed
import Glibc
import RoostTesting
import Testing

@testable import Roost

/// Has an end of a channel in a process of its own.
distributed actor Correspondent: ProcessActor {
    static var reentrancy: Reentrancy { .reentrant }

    private var channel: Channel<String, [UInt8]>?

    distributed func processID() -> Int32 { getpid() }

    distributed func take(_ channel: Channel<String, [UInt8]>) { self.channel = channel }

    distributed func forward(_ channel: Channel<String, [UInt8]>, to other: Correspondent) async throws {
        try await other.take(channel)
    }

    /// Answers each element with what it is, until there are no more.
    distributed func describeAll() async throws -> Int {
        guard let channel else { return 0 }
        var count = 0
        for try await bytes in channel {
            let isWhole = bytes.allSatisfy { $0 == bytes[0] }
            try await channel.send("\(isWhole ? "\(bytes[0])" : "mixed") \(bytes.count)")
            count += 1
        }
        try await channel.finish()
        return count
    }

    distributed func send(_ text: String) async throws { try await channel?.send(text) }
    distributed func receive() async throws -> [UInt8]? { try await channel?.receive() }
    distributed func drop() { channel = nil }
    /// Returns when the other end could hear of this process's death.
    distributed func holds() async throws { try await channel?.arrive() }
}

extension PatternTests {
    @Suite struct ChannelTests {
        private typealias Mine = Channel<[UInt8], String>
        private typealias Theirs = Channel<String, [UInt8]>

        private func channel(_ test: TestSystem) -> (Mine, Theirs) {
            test.system.makeChannel(sending: [UInt8].self, receiving: String.self)
        }

        @Test func `Pipe: two writers on one end, 20 elements of 200 kB each, all whole`() async throws {
            try await withTestSystem { test in
                let (mine, theirs) = channel(test)
                let other = try await test.spawn(Correspondent.self)
                try await other.take(theirs)
                async let served = other.describeAll()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 1...2 as ClosedRange<UInt8> {
                        group.addTask {
                            let bytes = [UInt8](repeating: writer, count: 200_000)
                            for _ in 0..<20 { try await mine.send(bytes) }
                        }
                    }
                    try await group.waitForAll()
                }
                try await mine.finish()
                var counts: [String: Int] = [:]
                for try await answer in mine { counts[answer, default: 0] += 1 }
                #expect(counts == ["1 200000": 20, "2 200000": 20])
                let count = try await served
                #expect(count == 40)
            }
        }

        @Test func `an end is used in one process only`() async throws {
            try await withTestSystem { test in
                let (mine, theirs) = channel(test)
                let actors = try await [test.spawn(Correspondent.self), test.spawn(Correspondent.self)]
                for actor in actors { try await actor.take(theirs) }
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for actor in actors {
                        group.addTask {
                            do {
                                try await actor.send("mine")
                                return true
                            } catch let error as CoordinationError {
                                #expect(error.code == .taken)
                                return false
                            }
                        }
                    }
                    #expect(try await mine.receive() == "mine")
                    let sent = try await group.reduce(into: [Bool]()) { $0.append($1) }
                    #expect(sent.filter(\.self).count == 1)
                }
            }
        }

        @Test func `an end that is in use cannot be sent on`() async throws {
            try await withTestSystem { test in
                let (mine, theirs) = channel(test)
                async let received = theirs.receive()
                try await mine.send([1])
                _ = try await received
                let other = try await test.spawn(Correspondent.self)
                do {
                    try await other.take(theirs)
                    Issue.record("it was sent")
                } catch let error as RemoteCallError {
                    #expect(error.code == .unencodable)
                }
            }
        }

        @Test func `both ends can be sent, also through others, and are connected wherever they are used`()
            async throws
        {
            try await withTestSystem { test in
                let first = try await test.spawn(Correspondent.self)
                let second = try await test.spawn(Correspondent.self)
                let third = try await test.spawn(Cell<Channel<[UInt8], String>?>.self, nil)
                let (a, b) = channel(test)
                try await third.set(a)
                try await first.forward(b, to: second)
                let back = try #require(try await third.get())
                async let served = second.describeAll()
                try await back.send([7, 7])
                #expect(try await back.receive() == "7 2")
                try await back.finish()
                #expect(try await back.receive() == nil)
                let count = try await served
                #expect(count == 1)
            }
        }

        @Test func `Pipe: a killed peer is a typed error within 100 ms, after what it had sent`() async throws
        {
            try await withTestSystem { test in
                var times: [Duration] = []
                for _ in 0..<5 {
                    let other = try await test.spawn(Correspondent.self, named: "other")
                    let (mine, theirs) = channel(test)
                    try await other.take(theirs)
                    async let sent: Void = other.send("last words")
                    try await mine.send([1])
                    #expect(try await other.receive() == [1])
                    try await sent
                    let killed = ContinuousClock.now
                    Processes.signal(try await other.processID(), SIGKILL)
                    #expect(try await mine.receive() == "last words")
                    do {
                        _ = try await mine.receive()
                        Issue.record("nothing more was sent")
                    } catch let error as RemoteCallError {
                        #expect(error.code == .terminated && error.actor == "other")
                        #expect(error.exitReason == .crashed(signal: SIGKILL))
                    }
                    times.append(killed.duration(to: .now))
                    do {
                        try await mine.send([2])
                        Issue.record("nobody receives it")
                    } catch let error as RemoteCallError {
                        #expect(error.code == .terminated && error.exitReason == .crashed(signal: SIGKILL))
                    }
                    try await test.system.stop(other)
                }
                let median = times.sorted()[2]
                print("a killed peer was noticed after \(times), median \(median)")
                #expect(median < Machine.limit(.milliseconds(100)))
            }
        }

        @Test func `a peer that dies before it has used its end is noticed too`() async throws {
            try await withTestSystem { test in
                let other = try await test.spawn(Correspondent.self, named: "other")
                let (mine, theirs) = channel(test)
                try await other.take(theirs)
                let waiting = Task { try await mine.receive() }
                // That it holds the end is told by a message of its own.
                try await other.holds()
                Processes.signal(try await other.processID(), SIGKILL)
                do {
                    _ = try await waiting.value
                    Issue.record("nothing was sent")
                } catch let error as RemoteCallError {
                    #expect(error.code == .terminated && error.actor == "other")
                    #expect(error.exitReason == .crashed(signal: SIGKILL))
                }
            }
        }

        @Test func `an end that everybody has dropped is gone`() async throws {
            try await withTestSystem { test in
                let other = try await test.spawn(Correspondent.self)
                let (mine, theirs) = channel(test)
                try await other.take(theirs)
                let waiting = Task { try await mine.receive() }
                try await other.drop()
                do {
                    _ = try await waiting.value
                    Issue.record("nothing was sent")
                } catch let error as RemoteCallError {
                    #expect(error.code == .terminated)
                }
                let (alone, _) = channel(test)
                await #expect(throws: RemoteCallError.self) { try await alone.receive() }
            }
        }

        @Test func `a wait for the peer can be cancelled, and is not the end`() async throws {
            try await withTestSystem { test in
                let (mine, theirs) = channel(test)
                let waiting = Task { try await mine.receive() }
                waiting.cancel()
                await #expect(throws: CancellationError.self) { try await waiting.value }
                let other = try await test.spawn(Correspondent.self)
                try await other.take(theirs)
                try await other.send("later")
                #expect(try await mine.receive() == "later")
            }
        }

        @Test func `both ends work in one process`() async throws {
            try await withTestSystem { test in
                let (mine, theirs) = channel(test)
                async let received = theirs.receive()
                try await mine.send([1, 2])
                let bytes = try await received
                #expect(bytes == [1, 2])
                try await theirs.send("thanks")
                #expect(try await mine.receive() == "thanks")
            }
        }
    }
}
