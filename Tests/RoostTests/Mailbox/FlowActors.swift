import Distributed
import Glibc
import RoostPlatform
import RoostTesting

/// Takes a while for each message, and counts whose it was.
distributed actor Mill: ProcessActor {
    private var counts: [Int: Int] = [:]

    /// Computes for `microseconds`.
    distributed func grind(_ sender: Int, _ microseconds: Int64, _ filling: [UInt8] = []) {
        let end = Monotonic.now.advanced(by: .microseconds(microseconds))
        while Monotonic.now < end {}
        counts[sender, default: 0] += 1
    }
    distributed func takeCounts() -> [Int: Int] {
        defer { counts = [:] }
        return counts
    }
    distributed func residentKibibytes() -> Int { Processes.residentKibibytes }
}

/// Sends as much as it can, until it is told to stop.
distributed actor Farmer: ProcessActor {
    static var reentrancy: Reentrancy { .reentrant }

    private var isOver = false

    /// Sends with so many tasks at once; says how many it has sent.
    distributed func deliver(
        to mill: Mill, as sender: Int, tasks: Int, microseconds: Int64, filling: Int, _ begun: Signal
    ) async throws -> Int {
        let filling = [UInt8](repeating: 1, count: filling)
        try await mill.tell { try await $0.grind(sender, microseconds, filling) }
        try await begun.fire("begun \(sender)")
        let senders = (0..<tasks).map { _ in
            Task { try await self.send(to: mill, sender, microseconds, filling) }
        }
        var sent = 0
        for sender in senders { sent += try await sender.value }
        return sent
    }

    private func send(to mill: Mill, _ sender: Int, _ microseconds: Int64, _ filling: [UInt8]) async throws
        -> Int
    {
        var sent = 0
        while !isOver {
            try await mill.tell { try await $0.grind(sender, microseconds, filling) }
            sent += 1
        }
        return sent
    }

    distributed func stopDelivering() { isOver = true }
    distributed func residentKibibytes() -> Int { Processes.residentKibibytes }
}
