import Distributed
import Glibc
import RoostTesting

// Actors that are stopped, and what they do about it.

// nonisolated(unsafe): set before the handler that reads it is installed.
nonisolated(unsafe) private var terminationLog: Int32 = -1

/// Computes until it is made to end.
distributed actor Stubborn: ProcessActor {
    /// Notes in a file when SIGTERM comes, and goes on.
    distributed func compute(noting path: String, _ signal: Signal) async throws {
        unsafe terminationLog = creat(path, 0o600)
        _ = Glibc.signal(SIGTERM) { _ in unsafe _ = write(terminationLog, "T", 1) }
        try await compute(signal)
    }

    distributed func compute(_ signal: Signal) async throws {
        try await signal.fire("computing")
        while true { sched_yield() }
    }
}

/// Says what it does when it is asked to stop.
distributed actor Leaver: ProcessActor {
    struct Arguments: Codable, Sendable {
        var signal: Signal
        var heir: Echo?
    }

    private let signal: Signal
    private let heir: Echo?
    private var other: Leaver?
    private var served = 0

    init(_ arguments: Arguments, actorSystem: ActorSystem) {
        signal = arguments.signal
        heir = arguments.heir
        self.actorSystem = actorSystem
    }

    distributed func meet(_ other: Leaver) { self.other = other }
    distributed func nothing() {}
    distributed func stopYourself() { context.stop() }

    distributed func serve() async throws {
        try await signal.fire("serving")
        try await signal.waitFor("go")
        served += 1
    }

    /// Its message lasts until the other has called back.
    distributed func ask(_ other: Leaver) async throws -> Int { try await other.callBack(self) }
    distributed func callBack(_ asker: Leaver) async throws -> Int {
        try await signal.fire("serving")
        try await signal.waitFor("go")
        return try await asker.answer()
    }
    distributed func answer() -> Int { 42 }

    func willStop() async {
        try? await signal.fire("stopping after \(served)")
        if let heir {
            // To an actor that this process has never talked to.
            for number in 1...100 { try? await heir.tell { try await $0.note(number) } }
        }
        if let other {
            try? await other.nothing()
            try? await other.tell { try await $0.nothing() }
        }
    }
}

/// Never comes to the end of its `willStop`.
distributed actor Clinging: ProcessActor {
    func willStop() async {
        while true { await Task.yield() }
    }
}
