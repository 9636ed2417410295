/// A replay store for each reducer.
final class ReplayLogs {
    // In a class, because a store owns a file and cannot be in an array.
    private final class Log {
        var store: ReplayStore
        init(memoryBound: Int) { store = ReplayStore(memoryBound: memoryBound) }
    }

    private let logs: [Log]
    private var isFailureTold = false

    /// Empty stores, which together keep about `memory` bytes in memory, however many they are, and the rest in
    /// temporary files.
    init(reducers: Int, memory: Int) {
        logs = (0..<reducers).map { _ in Log(memoryBound: max(64 << 10, memory / reducers)) }
    }

    /// Appends the counts of an accepted report, a list of parts for each reducer.
    func keep(_ parts: [[[UInt8]]], of lease: Lease) {
        for (log, parts) in zip(logs, parts) {
            for (part, counts) in parts.enumerated() {
                log.store.append(
                    Delivery(
                        chunk: lease.chunk.id, attempt: lease.attempt, part: part, parts: parts.count,
                        counts: counts))
            }
        }
    }

    /// An entry of a reducer's log.
    ///
    /// - Throws: ``SystemError`` if the temporary file cannot be read.
    func delivery(_ entry: Int, to reducer: Int) throws(SystemError) -> Delivery {
        try logs[reducer].store.delivery(entry)
    }

    /// The error that keeps a log in memory, the first time that it is asked for.
    func newFailure() -> SystemError? {
        guard !isFailureTold else { return nil }
        let failure = logs.lazy.compactMap { $0.store.spillFailure }.first
        isFailureTold = failure != nil
        return failure
    }
}
