import Glibc
import RoostPlatform
import Testing

@Suite struct SocketsTests {
    @Test(arguments: [true, false]) func `both ends are close-on-exec, and nonblocking if asked`(
        _ nonblocking: Bool
    ) throws {
        for kind in [Sockets.Kind.stream, .packet] {
            let pair = try Sockets.pair(kind, nonblocking: nonblocking)
            for raw in [pair.first.raw, pair.second.raw] {
                #expect(fcntl(raw, F_GETFD) & FD_CLOEXEC != 0)
                #expect((fcntl(raw, F_GETFL) & O_NONBLOCK != 0) == nonblocking)
            }
        }
    }

    @Test func `bytes arrive at the other end, in both directions`() throws {
        let pair = try Sockets.pair(.stream)
        #expect(Sockets.send(pair.first.raw, [1, 2, 3]) == .moved(3))
        #expect(Sockets.send(pair.first.raw, [4]) == .moved(1))
        #expect(Sockets.receive(pair.second.raw).bytes == [1, 2, 3, 4])
        #expect(Sockets.send(pair.second.raw, [9]) == .moved(1))
        #expect(Sockets.receive(pair.first.raw).bytes == [9])
    }

    @Test func `packets keep their boundaries`() throws {
        let pair = try Sockets.pair(.packet)
        _ = Sockets.send(pair.first.raw, [1, 2, 3])
        _ = Sockets.send(pair.first.raw, [4])
        #expect(Sockets.receive(pair.second.raw).bytes == [1, 2, 3])
        #expect(Sockets.receive(pair.second.raw).bytes == [4])
    }

    @Test func `an empty socket would block, also one that waits otherwise`() throws {
        for nonblocking in [true, false] {
            let pair = try Sockets.pair(.stream, nonblocking: nonblocking)
            #expect(Sockets.receive(pair.first.raw).outcome == .wouldBlock)
            #expect(Sockets.receiveAll(pair.first.raw).outcome == .wouldBlock)
        }
    }

    @Test func `a full socket would block until something is taken out`() throws {
        let pair = try Sockets.pair(.stream)
        let total = Sockets.fill(pair.first.raw)
        #expect(total > 0)
        #expect(Sockets.send(pair.first.raw, [1]) == .wouldBlock)
        #expect(Sockets.send(pair.first.raw, [1], descriptors: [2]) == .wouldBlock)
        var taken = 0
        while case .moved(let count) = Sockets.receive(pair.second.raw).outcome { taken += count }
        #expect(taken == total)
        #expect(Sockets.send(pair.first.raw, [1]) == .moved(1))
    }

    @Test func `the end comes after what was sent before it`() throws {
        let pair = try Sockets.pair(.stream)
        let (first, second) = pair.ends()
        let receiver = Descriptor(owning: second)
        #expect(Sockets.send(first, [5, 6]) == .moved(2))
        Descriptor(owning: first).close()
        waitForEnd(of: receiver.raw)
        #expect(Sockets.receive(receiver.raw).bytes == [5, 6])
        #expect(Sockets.receive(receiver.raw).outcome == .ended)
        #expect(Sockets.receiveAll(receiver.raw).outcome == .ended)
    }

    @Test func `sending to an end that is gone reports the end and raises no signal`() throws {
        let pair = try Sockets.pair(.stream)
        let (first, second) = pair.ends()
        Descriptor(owning: second).close()
        let sender = Descriptor(owning: first)
        waitForEnd(of: sender.raw)
        #expect(Sockets.send(sender.raw, [1]) == .ended)
        #expect(Sockets.send(sender.raw, [1], descriptors: [0]) == .ended)
    }

    @Test func `a peer that dies with bytes unread has ended too`() throws {
        let pair = try Sockets.pair(.stream)
        let (first, second) = pair.ends()
        let sender = Descriptor(owning: first)
        #expect(Sockets.send(sender.raw, [1]) == .moved(1))
        Descriptor(owning: second).close()
        waitForEnd(of: sender.raw)
        #expect(Sockets.receive(sender.raw).outcome == .ended)
    }

    @Test func `shutting down ends both directions for every holder`() throws {
        let pair = try Sockets.pair(.stream)
        let copy = Descriptor(owning: dup(pair.first.raw))
        Sockets.shutDown(pair.first.raw)
        #expect(Sockets.receive(copy.raw).outcome == .ended)
        #expect(Sockets.receive(pair.second.raw).outcome == .ended)
        #expect(Sockets.send(copy.raw, [1]) == .ended)
        #expect(Sockets.send(pair.second.raw, [1]) == .ended)
    }

    @Test func `a descriptor that is not a socket is an error`() {
        #expect(Sockets.send(-1, [1]) == .failed(EBADF))
        #expect(Sockets.receive(-1).outcome == .failed(EBADF))
    }

    @Test(arguments: 1...4) func `passed descriptors work and are close-on-exec`(_ count: Int) throws {
        let carrier = try Sockets.pair(.stream)
        var kept: [Int32] = []
        var passed: [Int32] = []
        for _ in 0..<count {
            let (here, there) = try Sockets.pair(.stream).ends()
            kept.append(here)
            passed.append(there)
        }
        defer { for raw in kept { Descriptor(owning: raw).close() } }
        #expect(Sockets.send(carrier.first.raw, [1, 2], descriptors: passed) == .moved(2))
        for raw in passed { Descriptor(owning: raw).close() }
        let (outcome, bytes, received) = Sockets.receiveAll(carrier.second.raw)
        #expect(outcome == .moved(2) && bytes == [1, 2])
        try #require(received.count == count)
        for (index, raw) in received.enumerated() {
            let end = Descriptor(owning: raw)
            #expect(fcntl(end.raw, F_GETFD) & FD_CLOEXEC != 0)
            #expect(Sockets.send(kept[index], [UInt8(index)]) == .moved(1))
            #expect(Sockets.receive(end.raw).bytes == [UInt8(index)])
        }
    }

    @Test func `descriptors stay with the bytes they were sent with`() throws {
        let carrier = try Sockets.pair(.stream)
        let (here, there) = try Sockets.pair(.stream).ends()
        _ = Sockets.send(carrier.first.raw, [1])
        _ = Sockets.send(carrier.first.raw, [2], descriptors: [there])
        Descriptor(owning: there).close()
        let first = Sockets.receiveAll(carrier.second.raw, upTo: 1)
        #expect(first.bytes == [1] && first.descriptors.isEmpty)
        let second = Sockets.receiveAll(carrier.second.raw, upTo: 1)
        #expect(second.bytes == [2] && second.descriptors.count == 1)
        for raw in second.descriptors + [here] { Descriptor(owning: raw).close() }
    }

    @Test func `descriptors that nobody asked for are closed`() throws {
        let carrier = try Sockets.pair(.stream)
        let (here, there) = try Sockets.pair(.stream).ends()
        let kept = Descriptor(owning: here)
        _ = Sockets.send(carrier.first.raw, [1], descriptors: [there])
        Descriptor(owning: there).close()
        #expect(Sockets.receive(carrier.second.raw).bytes == [1])
        waitForEnd(of: kept.raw)
        #expect(Sockets.receive(kept.raw).outcome == .ended)
    }

    @Test func `more than four descriptors cannot be sent at once`() throws {
        let carrier = try Sockets.pair(.stream)
        #expect(Sockets.send(carrier.first.raw, [1], descriptors: [0, 0, 0, 0, 0]) == .failed(EINVAL))
        #expect(Sockets.receive(carrier.second.raw).outcome == .wouldBlock)
    }

    @Test func `waiting for room ends at once when there is room`() throws {
        let pair = try Sockets.pair(.stream)
        #expect(Sockets.waitWritable(pair.first.raw, until: .now.advanced(by: .seconds(60))))
        #expect(Sockets.waitWritable(pair.first.raw, until: .distantFuture))
    }

    @Test func `waiting for room ends at the deadline`() throws {
        let pair = try Sockets.pair(.stream)
        _ = Sockets.fill(pair.first.raw)
        let start = Monotonic.now
        let deadline = start.advanced(by: .milliseconds(20))
        #expect(!Sockets.waitWritable(pair.first.raw, until: deadline))
        #expect(Monotonic.now >= deadline)
        // Also one that is no whole number of milliseconds away.
        for microseconds in [1, 300, 999, 1_001] {
            let deadline = Monotonic.now.advanced(by: .microseconds(microseconds))
            #expect(!Sockets.waitWritable(pair.first.raw, until: deadline))
            #expect(Monotonic.now >= deadline)
        }
        #expect(!Sockets.waitWritable(pair.first.raw, until: start))
    }

    @Test(.timeLimit(.minutes(1))) func `waiting for room ends when another thread makes some`() throws {
        let pair = try Sockets.pair(.stream)
        _ = Sockets.fill(pair.first.raw)
        let end = dup(pair.second.raw)
        try RuntimeThread.start(named: "drain") {
            while case .moved = Sockets.receive(end).outcome {}
            Descriptor(owning: end).close()
        }
        #expect(Sockets.waitWritable(pair.first.raw, until: .now.advanced(by: .seconds(60))))
    }

    @Test func `waiting for room at an end that is gone is over at once`() throws {
        let pair = try Sockets.pair(.stream)
        let (first, second) = pair.ends()
        let sender = Descriptor(owning: first)
        _ = Sockets.fill(sender.raw)
        Descriptor(owning: second).close()
        waitForEnd(of: sender.raw)
        #expect(!Sockets.waitWritable(sender.raw, until: .now.advanced(by: .seconds(60))))
    }
}
