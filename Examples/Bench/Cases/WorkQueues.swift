import Roost

/// Small jobs through a work queue: put in the node, done in two workers.
///
/// The node puts them, many in one put, and waits until all are settled. Each consumer takes up to 256 at a time and
/// acknowledges each. Measured from before the first put until the queue is drained. The queue counts what was
/// acknowledged, the consumers add up the numbers they were given; the node checks that both are right. Not measured:
/// starting, and a first tenth that warms up.
struct WorkQueueJobs<Job: NumberedJob>: Benchmark {
    let name: String
    let jobs: String
    var mark: Mark?

    var summary: String { "\(jobs) through a work queue, from the node to two workers, acknowledged each" }

    func round(_ scale: Scale) async throws -> [Measurement] {
        let count = scale.of(1_000_000)
        return try await ProcessActorSystem.run { system in
            let queue = try await system.makeWorkQueue(of: Job.self, capacity: 4_096)
            let consumers = [
                try await system.spawn(QueueConsumer<Job>.self),
                try await system.spawn(QueueConsumer<Job>.self),
            ]
            let work = Task {
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for consumer in consumers { group.addTask { try await consumer.sum(of: queue) } }
                    return try await group.reduce(0, +)
                }
            }
            _ = try await put(count / 10, into: queue)
            let seconds = try await put(count, into: queue)
            try await queue.finish()
            let sum = try await work.value
            let expected = count * (count - 1) / 2 + (count / 10) * (count / 10 - 1) / 2
            try CheckFailed.unless(sum == expected, "the jobs add up to \(sum), not \(expected)")
            let status = try await queue.status()
            try CheckFailed.unless(
                status.acknowledged == count + count / 10, "\(status.acknowledged) jobs were acknowledged")
            return [
                Measurement(
                    benchmark: name, metric: "rate", value: Double(count) / seconds, unit: "jobs/s",
                    mark: mark)
            ]
        }
    }

    private func put(_ count: Int, into queue: WorkQueue<Job>) async throws -> Double {
        let start = Clock.now
        try await Job.put(count, into: queue)
        try await queue.drain()
        return Interval(start: start, end: Clock.now).seconds
    }
}
