import Distributed
import Roost

/// Takes jobs that are numbers, and adds them up.
distributed actor QueueConsumer: ProcessActor {
    distributed func sum(of queue: WorkQueue<Int>) async throws -> Int {
        var sum = 0
        for try await delivery in queue.jobs(prefetch: 256) {
            sum += delivery.job
            try await delivery.acknowledge()
        }
        return sum
    }
}
