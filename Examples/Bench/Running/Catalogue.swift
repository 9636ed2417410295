/// All cases, in the order in which they are measured.
enum Catalogue {
    static let all: [any Benchmark] = [
        RoundTripLimit(),
        RoundTripFromNode(name: "rtt-64", size: 64, mark: .atMost(1.5)),
        RoundTripFromNode(name: "rtt-1k", size: 1_024),
        RoundTripBetweenWorkers(),
        OneWayLimit(),
        OneWayBetweenWorkers(name: "oneway-64", size: 64, count: 1_000_000, mark: .atLeast(1_000_000)),
        OneWayFromNode(),
        MailboxBetweenWorkers(name: "mailbox-64", capacity: 1_024, mark: .atLeast(10_000_000)),
        MailboxBetweenWorkers(name: "mailbox-64-wide", capacity: 16_384),
        MailboxToNode(),
        OneWayBetweenWorkers(name: "oneway-1k", size: 1_024, count: 500_000),
        OneWayBetweenWorkers(name: "oneway-1m", size: 1 << 20, count: 2_000, unit: .gigabytes),
        BlobFanOut(),
        PipelinedBetweenWorkers(),
        PipelinedFromNode(),
        FanIn(),
        WorkQueueJobs<Int>(name: "work-queue", jobs: "numbers", mark: .atLeast(500_000)),
        WorkQueueJobs<Errand>(name: "work-queue-text", jobs: "numbers with a text of 36 bytes"),
        SpawnLimit(),
        SpawnOne(),
        SpawnHundred(),
        RestartAfterKill(),
        TreeAtScale(),
        IdleMemory(),
    ]
}
