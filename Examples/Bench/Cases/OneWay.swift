import Roost

/// One-way messages from one worker to another.
///
/// One task tells one after another as fast as the mailbox's limit lets it. Measured in the sender, from
/// before the first message until the answer to a call that stands behind the last: so until all have
/// been served. The receiver counts them and adds up their numbers, sizes and last bytes; the node checks
/// that these are right. Not measured: starting, and a first tenth that warms up.
struct OneWayBetweenWorkers: Benchmark {
    /// How fast is told in messages or in bytes.
    enum Unit: Sendable {
        case messages
        case gigabytes
    }

    let name: String
    let size: Int
    let count: Int
    var unit = Unit.messages
    var mark: Mark?

    var summary: String { "one-way messages of \(size) bytes, worker to worker" }

    func round(_ scale: Scale) async throws -> [Measurement] {
        let count = scale.of(count)
        return try await ProcessActorSystem.run { system in
            let sink = try await system.spawn(Sink.self)
            let driver = try await system.spawn(Driver.self)
            _ = try await driver.sendMessages(to: sink, count: count / 10, size: size)
            try await sink.reset()
            let interval = try await driver.sendMessages(to: sink, count: count, size: size)
            try await sink.tally().check(messages: count, size: size)
            return [row(messagesPerSecond: Double(count) / interval.seconds)]
        }
    }

    private func row(messagesPerSecond: Double) -> Measurement {
        switch unit {
        case .messages:
            Measurement(
                benchmark: name, metric: "rate", value: messagesPerSecond, unit: "messages/s", mark: mark)
        case .gigabytes:
            Measurement(
                benchmark: name, metric: "rate", value: messagesPerSecond * Double(size) / 1e9, unit: "GB/s",
                mark: mark)
        }
    }
}

/// One-way messages of 64 bytes from the node to a worker.
///
/// As between workers; the sender is a task on the node's pool.
struct OneWayFromNode: Benchmark {
    let name = "oneway-64-node"
    let summary = "one-way messages of 64 bytes, node to worker"

    func round(_ scale: Scale) async throws -> [Measurement] {
        let count = scale.of(1_000_000)
        return try await ProcessActorSystem.run { system in
            let sink = try await system.spawn(Sink.self)
            _ = try await sendMessages(to: sink, count: count / 10, size: 64)
            try await sink.reset()
            let interval = try await sendMessages(to: sink, count: count, size: 64)
            try await sink.tally().check(messages: count, size: 64)
            return [
                Measurement(
                    benchmark: name, metric: "rate", value: Double(count) / interval.seconds,
                    unit: "messages/s")
            ]
        }
    }
}

/// One-way messages of 64 bytes from four workers to one.
///
/// Each sender is a process of its own and sends its share. Measured from the first one's first message
/// until the last one's have been served, all on the machine's monotonic clock; that the senders begin
/// some microseconds apart is part of the time. The receiver's count is checked.
struct FanIn: Benchmark {
    let name = "fanin-64"
    let summary = "one-way messages of 64 bytes, four workers to one"

    private static let senders = 4

    func round(_ scale: Scale) async throws -> [Measurement] {
        let share = scale.of(1_000_000) / Self.senders
        return try await ProcessActorSystem.run { system in
            let sink = try await system.spawn(Sink.self)
            var drivers: [Driver] = []
            for _ in 0..<Self.senders { drivers.append(try await system.spawn(Driver.self)) }
            _ = try await send(share / 10, from: drivers, to: sink)
            try await sink.reset()
            let interval = try await send(share, from: drivers, to: sink)
            try await sink.tally().check(senders: Self.senders, messages: share, size: 64)
            return [
                Measurement(
                    benchmark: name, metric: "rate", value: Double(share * Self.senders) / interval.seconds,
                    unit: "messages/s")
            ]
        }
    }

    private func send(_ share: Int, from drivers: [Driver], to sink: Sink) async throws -> Interval {
        try await withThrowingTaskGroup(of: Interval.self) { group in
            for driver in drivers {
                group.addTask { try await driver.sendMessages(to: sink, count: share, size: 64) }
            }
            var intervals: [Interval] = []
            for try await interval in group { intervals.append(interval) }
            return .spanning(intervals)
        }
    }
}
