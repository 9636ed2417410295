import Roost

/// A consumer is killed with a job: the job is given to another, and the queue can be drained.
struct JoinableQueueConsumerKilled: ParityRow {
    let name = "joinable-queue-consumer-killed"
    let system = "JoinableQueue"
    let what = "a consumer is killed before task_done()"
    let counted = "jobs"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        try await PrimeChecker.check(Array(0..<10), firstIsKilledAt: 1, system)
    }
}
