import Distributed
import Glibc
import RoostTesting

/// Crashes in every way there is.
distributed actor Crasher: ProcessActor {
    enum Way: String, Codable, Sendable, CaseIterable {
        case trap, badAddress, abort, stackOverflow, signal

        var signals: Set<Int32> {
            switch self {
            // What a trap is differs between processors.
            case .trap: [SIGILL, SIGTRAP]
            case .badAddress, .stackOverflow: [SIGSEGV]
            case .abort: [SIGABRT]
            case .signal: [SIGBUS]
            }
        }
    }

    distributed func nothing() {}
    distributed func processID() -> Int32 { getpid() }

    distributed func crash(_ way: Way) {
        switch way {
        case .trap: fatalError("as asked")
        case .badAddress: unsafe UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
        case .abort: abort()
        case .stackOverflow: print(overflow(1))
        case .signal:
            kill(getpid(), SIGBUS)
            while true { pause() }
        }
    }

    private nonisolated func overflow(_ depth: Int) -> Int {
        if depth == .max { return 0 }
        var room = [depth]
        room.append(overflow(depth + 1))
        return room.reduce(0, +)
    }

    /// Crashes when `signal` says so.
    distributed func crashLater(_ signal: Signal) async throws {
        try await signal.fire("serving")
        try await signal.waitFor("go")
        abort()
    }

    /// Crashes in a call that came back while the other waits.
    distributed func crashInCallback(over relay: Relay) async throws { try await relay.crash(self) }

    /// Lets a call come back, and crashes after it.
    distributed func crashAfterCallback(over relay: Relay) async throws {
        try await relay.touch(self)
        abort()
    }

    /// Says that it crashes, as the handler does, and then does not end: like one that makes a backtrace.
    distributed func crashWithoutEnd() {
        var record = [UInt8](repeating: 0, count: 1_024)
        let head: [UInt32] = [0x6863_7263, UInt32(getpid()), UInt32(SIGSEGV)]
        for (index, word) in head.enumerated() {
            for byte in 0..<4 { record[index * 4 + byte] = UInt8(truncatingIfNeeded: word >> (8 * byte)) }
        }
        // What is no record spoils none.
        unsafe _ = write(4, record, 100)
        unsafe _ = write(4, record, record.count)
        while true { pause() }
    }
}

extension Relay {
    distributed func crash(_ crasher: Crasher) async throws { try await crasher.crash(.abort) }
    distributed func touch(_ crasher: Crasher) async throws { try await crasher.nothing() }
    distributed func crashLater(_ crasher: Crasher, _ signal: Signal) async throws {
        try await crasher.crashLater(signal)
    }
    /// How a call to one that says that it crashes ends here.
    distributed func reasonOfCrashWithoutEnd(_ crasher: Crasher) async throws -> String {
        do {
            try await crasher.crashWithoutEnd()
            return "no error"
        } catch let error as RemoteCallError {
            return "\(error.code) \(error.exitReason?.description ?? "")"
        }
    }
}
