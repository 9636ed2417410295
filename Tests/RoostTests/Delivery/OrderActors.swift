import Distributed
import Glibc
import RoostTesting

/// Writes numbered messages of all sizes to a ledger or a diary, calls and one-way messages mixed.
distributed actor Writer: ProcessActor {
    /// What became of the messages, as far as their sender is told.
    struct Report: Codable, Sendable {
        /// Calls that came back with their value.
        var answered: [Int] = []
        /// Calls that did not, and the code of each.
        var failed: [Int: String] = [:]
        /// One-way messages that were accepted.
        var told: [Int] = []
    }

    distributed func write(_ count: Int, as sender: Int, to archive: Archive, seed: UInt64) async throws
        -> Report
    {
        try await send(count, seed) { number, filling in
            try await archive.book(number, of: sender, filling)
        } last: {
            _ = try await archive.processID()
        } tell: { number, filling in
            try await archive.tell { _ = try await $0.book(number, of: sender, filling) }
        }
    }

    distributed func write(_ count: Int, as sender: Int, to diary: Diary, seed: UInt64) async throws -> Report
    {
        try await send(count, seed) { number, filling in
            try await diary.book(number, of: sender, filling)
        } last: {
            _ = try await diary.processID()
        } tell: { number, filling in
            try await diary.tell { _ = try await $0.book(number, of: sender, filling) }
        }
    }

    private func send(
        _ count: Int, _ seed: UInt64, call: (Int, [UInt8]) async throws -> Int, last: () async throws -> Void,
        tell: (Int, [UInt8]) async throws -> Void
    ) async throws -> Report {
        var random = SeededGenerator(seed: seed)
        var report = Report()
        for number in 1...count {
            // From 0 to 300 KiB, each order of magnitude as often as the others.
            let size = Int(Double(300 << 10).powered(Double.random(in: 0...1, using: &random))) - 1
            let filling = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: size)
            if Bool.random(using: &random) {
                try await tell(number, filling)
                report.told.append(number)
                continue
            }
            do {
                if try await call(number, filling) == number { report.answered.append(number) }
            } catch let error as RemoteCallError {
                report.failed[number] = "\(error.code)"
            }
        }
        // Behind all of them; and what was lost here is told to the node.
        while true {
            do {
                try await last()
                break
            } catch let error as RemoteCallError where error.code == .interrupted {}
        }
        _ = try await actorSystem.deadLetters()
        return report
    }
}

extension Double {
    fileprivate func powered(_ exponent: Double) -> Double {
        // Without Foundation, which a worker never loads.
        var result = 1.0
        var base = self
        var rest = exponent
        for _ in 0..<40 {
            base = base.squareRoot()
            rest *= 2
            if rest >= 1 {
                result *= base
                rest -= 1
            }
        }
        return result
    }
}

/// A ledger that is patient with those who kill it.
distributed actor Archive: ProcessActor {
    static var delivery: DeliveryPolicy { .atLeastOnce(attempts: 1_000) }

    private let journal: Journal

    init(_ journal: Journal, actorSystem: ProcessActorSystem) {
        self.actorSystem = actorSystem
        self.journal = journal
    }

    distributed func book(_ number: Int, of sender: Int, _ filling: [UInt8]) -> Int {
        journal.write(sender: sender, number, isRedelivered: context.isRedelivered)
        return number
    }
    distributed func processID() -> Int32 { getpid() }
}
