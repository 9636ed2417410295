import Distributed
import Glibc
import RoostPlatform
import RoostTesting
import Synchronization
import Testing

@testable import Roost

/// Large arguments and results between real processes.
// One after another: each keeps a core busy for a while.
extension BusyTests {
    @Suite struct LargeMessageTests {
        private static let large = [UInt8](repeating: 7, count: 50_000_000)

        private static func isSame(_ bytes: [UInt8], _ others: [UInt8]) -> Bool {
            unsafe bytes.count == others.count && memcmp(bytes, others, bytes.count) == 0
        }

        private func failure(_ body: () async throws -> Void) async -> RemoteCallError? { await caught(body) }

        @Test(arguments: [SystemOptions.SpawnMethod.zygote, .inProcess])
        func `an argument and a result of 50 MB arrive as they were`(_ method: SystemOptions.SpawnMethod)
            async throws
        {
            try await withTestSystem { test in
                let actor = try await test.spawn(Bulk.self, options: SpawnOptions(method: method))
                var bytes = Self.large
                for index in stride(from: 0, to: bytes.count, by: 65_537) {
                    bytes[index] = UInt8(truncatingIfNeeded: index)
                }
                #expect(Self.isSame(try await actor.echo(bytes), bytes))
                #expect(try await actor.count() == 1)
            }
        }

        @Test func `what is larger than allowed is refused before it leaves`() async throws {
            var options = SystemOptions()
            options.maximumMessageSize = 1 << 20
            try await withTestSystem(options: options) { test in
                let actor = try await test.spawn(Bulk.self)
                // With the count of an array before its bytes.
                let most = [UInt8](repeating: 1, count: (1 << 20) - 16)
                #expect(Self.isSame(try await actor.echo(most), most))
                let argument = await failure { _ = try await actor.echo(most + most) }
                #expect(argument?.code == .tooLarge)
                let result = await failure { _ = try await actor.make(2 << 20) }
                #expect(result?.code == .tooLarge)
                #expect(try await actor.count() == 1)
            }
        }

        @Test func `messages to one actor keep their order, whatever their sizes`() async throws {
            try await withTestSystem { test in
                let actor = try await test.spawn(Bulk.self)
                let sizes = [10, 3_000_000, 20, 300_000, 262_144, 262_145, 0, 5_000_000, 1, 2]
                for size in sizes {
                    try await actor.tell { try await $0.note([UInt8](repeating: 1, count: size)) }
                }
                #expect(try await actor.noted() == sizes)
            }
        }

        // MARK: Others meanwhile

        // Counted in processes of their own: the threads of this one are busy with other tests. A large message is
        // eighty pieces; if small ones waited for all of them, there would be about one answer for each of five.

        @Test(arguments: [true, false])
        func `small messages to other actors of the process do not wait for large ones`(asResults: Bool)
            async throws
        {
            try await withTestSystem { test in
                let actor = try await test.spawn(Bulk.self)
                let sender = try await test.spawn(BulkSender.self)
                let small = try await actor.makeNotebook()
                let answers = try await sender.exchange(with: actor, asResults: asResults, meanwhile: small)
                #expect(answers > 20)
            }
        }

        @Test func `other senders do not wait for large messages`() async throws {
            try await withTestSystem { test in
                let actor = try await test.spawn(Bulk.self)
                let (sender, other) = (
                    try await test.spawn(BulkSender.self), try await test.spawn(BulkSender.self)
                )
                let small = try await actor.makeNotebook()
                let signal = Signal(actorSystem: test.system)
                let counting = Task { try await other.countAnswers(of: small, until: signal) }
                try await signal.waitFor("counting")
                _ = try await sender.exchange(with: actor, asResults: false, meanwhile: nil)
                try await signal.fire("done")
                #expect(try await counting.value > 20)
            }
        }

        // MARK: Giving up

        @Test func `a large call that is cancelled half way leaves nothing behind`() async throws {
            try await withStoppedActor { test, actor, pid async throws in
                let bytes = Self.large
                let call = Task { try await actor.echo(bytes) }
                let connection = await halfSent(test, to: pid)
                call.cancel()
                await #expect(throws: CancellationError.self) { _ = try await call.value }
                Processes.signal(pid, SIGCONT)
                #expect(try await actor.count() == 0)
                #expect(connection.state.withLock { $0.outgoing.isEmpty && $0.pending.count == 0 })
                #expect(Self.isSame(try await actor.echo(bytes), bytes))
            }
        }

        @Test func `a large call whose time is up half way leaves nothing behind`() async throws {
            try await withStoppedActor { test, actor, pid async throws in
                let bytes = Self.large
                let error = await failure {
                    _ = try await actor.call(within: .milliseconds(300)) { try await $0.echo(bytes) }
                }
                #expect(error?.code == .deadlineExceeded)
                Processes.signal(pid, SIGCONT)
                #expect(try await actor.count() == 0)
            }
        }

        // MARK: The receiver's death

        /// What becomes of a call of 50 MB of which the half has left when its receiver is killed.
        private func death(_ options: SpawnOptions) async throws -> (error: RemoteCallError?, delay: Duration)
        {
            try await withStoppedActor(options) { test, actor, pid async throws in
                let bytes = Self.large
                let call = Task { () -> (RemoteCallError?, ContinuousClock.Instant) in
                    let error = await failure { _ = try await actor.echo(bytes) }
                    return (error, .now)
                }
                _ = await halfSent(test, to: pid)
                let death = ContinuousClock.now
                Processes.signal(pid, SIGKILL)
                let (error, end) = await call.value
                return (error, death.duration(to: end))
            }
        }

        /// The shortest of several: a busy machine makes some long.
        private func expectQuick(_ once: () async throws -> Duration) async throws {
            let limit = Machine.limit(.milliseconds(10))
            var delays: [Duration] = []
            repeat {
                delays.append(try await once())
            } while delays.count < 5 && !delays.contains { $0 <= limit }
            #expect(delays.contains { $0 <= limit }, "\(delays)")
        }

        @Test func `a call that is half sent when its actor dies has not been delivered`() async throws {
            try await expectQuick {
                let (error, delay) = try await death(SpawnOptions(whileRestarting: .failFast))
                #expect(error?.code == .notDelivered)
                return delay
            }
        }

        @Test func `a call that is half sent when its actor dies for good did not run`() async throws {
            try await expectQuick {
                let (error, delay) = try await death(SpawnOptions(restart: .temporary))
                #expect(error?.code == .terminated)
                return delay
            }
        }

        @Test func `a call that is half sent when its actor dies is sent again where messages wait`()
            async throws
        {
            let (error, _) = try await death(SpawnOptions())
            #expect(error == nil)
        }

        @Test func `a large call that had arrived when its actor dies is interrupted`() async throws {
            try await withTestSystem { test in
                let actor = try await test.spawn(Bulk.self)
                let pid = try await actor.processID()
                let signal = Signal(actorSystem: test.system)
                let bytes = Self.large
                let call = Task { await failure { try await actor.hold(bytes, signal) } }
                try await signal.waitFor("started")
                Processes.signal(pid, SIGKILL)
                #expect(await call.value?.code == .interrupted)
            }
        }

        @Test func `a large result that is half sent when its actor dies is interrupted`() async throws {
            try await withTestSystem { test in
                let actor = try await test.spawn(Bulk.self)
                let error = await failure { _ = try await actor.makeAndDie(50_000_000) }
                #expect(error?.code == .interrupted)
                #expect(try await actor.count() == 0)
            }
        }

        // MARK: Tools

        /// An actor whose process is stopped, and takes no more than fits into the socket.
        private func withStoppedActor<Result>(
            _ spawn: SpawnOptions = SpawnOptions(),
            _ body: (TestSystem, Bulk, Int32) async throws -> Result
        ) async throws -> Result {
            var options = SystemOptions()
            options.stoppedGrace = .seconds(600)
            return try await withTestSystem(options: options) { test in
                let actor = try await test.spawn(Bulk.self, options: spawn)
                let pid = try await actor.processID()
                Processes.signal(pid, SIGSTOP)
                defer { Processes.signal(pid, SIGCONT) }
                return try await body(test, actor, pid)
            }
        }

        /// Waits until the only connection of the node has written what the socket takes, and more is left.
        private func halfSent(_ test: TestSystem, to process: Int32) async -> DataConnection {
            while true {
                if let connection = await connections(test).first(where: { connection in
                    connection.state.withLock { $0.isBlocked && !$0.outgoing.isEmpty }
                }) {
                    return connection
                }
                await Task.yield()
            }
        }

        private func connections(_ test: TestSystem) async -> [DataConnection] {
            await withCheckedContinuation { continuation in
                let host = test.system.host
                host.loop.perform { continuation.resume(returning: Array(host.connections.values)) }
            }
        }
    }
}

/// Set once.
private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}

/// Takes and gives much.
distributed actor Bulk: ProcessActor {
    private var calls = 0
    private var sizes: [Int] = []
    private var inner: Notebook?

    distributed func echo(_ bytes: [UInt8]) -> [UInt8] { calls += 1; return bytes }
    distributed func size(_ bytes: [UInt8]) -> Int { bytes.count }
    distributed func note(_ bytes: [UInt8]) { sizes.append(bytes.count) }
    distributed func noted() -> [Int] { sizes }
    distributed func make(_ count: Int) -> [UInt8] { [UInt8](repeating: 3, count: count) }
    distributed func count() -> Int { calls }
    distributed func processID() -> Int32 { getpid() }
    distributed func hold(_ bytes: [UInt8], _ signal: Signal) async throws {
        try await sleepUntilCancelled(signal)
    }
    distributed func makeNotebook() -> Notebook {
        let made = Notebook(actorSystem: actorSystem)
        inner = made
        return made
    }
    /// Its process ends itself while the result leaves.
    distributed func makeAndDie(_ count: Int) -> [UInt8] {
        // The result takes several turns of the loop, this the next one.
        Task { kill(getpid(), SIGKILL) }
        return [UInt8](repeating: 3, count: count)
    }
}

/// Sends much from its own process.
distributed actor BulkSender: ProcessActor {
    /// Exchanges five large messages; how many small ones were answered meanwhile.
    distributed func exchange(with actor: Bulk, asResults: Bool, meanwhile small: Notebook?) async throws
        -> Int
    {
        let bytes = [UInt8](repeating: 9, count: 20_000_000)
        let isDone = Flag()
        let exchange = Task {
            defer { isDone.set() }
            for _ in 0..<5 {
                if asResults {
                    _ = try await actor.make(bytes.count)
                } else {
                    _ = try await actor.size(bytes)
                }
            }
        }
        let answers = try await Self.answers(of: small, until: isDone)
        try await exchange.value
        return answers
    }

    distributed func countAnswers(of small: Notebook, until signal: Signal) async throws -> Int {
        let isDone = Flag()
        // First, for the signal serves one message at a time.
        try await signal.fire("counting")
        let waiting = Task {
            defer { isDone.set() }
            try await signal.waitFor("done")
        }
        let answers = try await Self.answers(of: small, until: isDone)
        try await waiting.value
        return answers
    }

    private static func answers(of small: Notebook?, until isDone: Flag) async throws -> Int {
        guard let small else { return 0 }
        var answers = 0
        while !isDone.isSet {
            _ = try await small.write("x")
            answers += 1
        }
        return answers
    }
}
