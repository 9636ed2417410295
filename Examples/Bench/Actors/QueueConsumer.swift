import Distributed
import Roost

/// A job that is measured: it has a number.
protocol NumberedJob: Codable, Sendable {
    init(number: Int)
    var number: Int { get }
}

/// A job that is a number.
extension Int: NumberedJob {
    init(number: Int) { self = number }
    var number: Int { self }
}

/// A job with a text of some thirty bytes.
struct Errand: NumberedJob {
    var number: Int
    var text: String

    init(number: Int) {
        self.number = number
        text = "from the house to the market, \(number)"
    }
}

/// Takes jobs, and adds their numbers up.
distributed actor QueueConsumer<Job: NumberedJob>: ProcessActor {
    distributed func sum(of queue: WorkQueue<Job>) async throws -> Int {
        var sum = 0
        for try await delivery in queue.jobs(prefetch: 256) {
            sum += delivery.job.number
            try await delivery.acknowledge()
        }
        return sum
    }
}
