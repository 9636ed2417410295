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
        AgentIncrements(name: "agent", clients: 1),
        NextToPython(
            AgentIncrements(name: "agent-2", clients: 2), program: "shared_state",
            [
                .init(metric: "stream"),
                .init(
                    metric: "calls, 64 under way",
                    python: [
                        "Namespace set", "Namespace += with Lock", "manager dict set", "manager list append",
                    ], name: "best of a manager", mark: nil),
            ]),
        AgentDictionary(),
        NextToPython(
            WorkQueueJobs<Int>(name: "work-queue", jobs: "numbers", mark: .atLeast(500_000)),
            program: "queues", [.init(metric: "rate")]),
        WorkQueueJobs<Errand>(name: "work-queue-text", jobs: "numbers with a text of 36 bytes"),
        SpawnLimit(),
        SpawnOne(),
        SpawnHundred(),
        RestartAfterKill(),
        TreeAtScale(),
        NextToPython(
            PoolTasks(), program: "pool",
            [
                .init(
                    metric: "perform",
                    python: ["Pool.apply", "Pool.apply_async", "ProcessPoolExecutor.submit"]),
                .init(metric: "map", python: ["Pool.map", "Pool.imap", "ProcessPoolExecutor.map"]),
                .init(metric: "mapUnordered", python: ["Pool.imap_unordered"]),
            ]),
        IdleMemory(),
    ]
}
