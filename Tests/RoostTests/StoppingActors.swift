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
