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
        AgentIncrements(name: "agent-update", way: .calls(inFlight: 1), count: 50_000),
        AgentIncrements(name: "agent-update-64", way: .calls(inFlight: 64), count: 200_000),
        NextToPython(
            AgentIncrements(name: "agent-update-2", way: .calls(inFlight: 64), clients: 2, count: 200_000),
            program: "shared_state",
            [
                .init(
                    metric: "rate",
                    python: [
                        "Namespace set", "Namespace += with Lock", "manager dict set", "manager list append",
                    ]),
                .init(metric: "rate", python: ["Value += with lock"], mark: nil),
            ]),
        AgentIncrements(name: "agent-post", way: .posts, count: 500_000),
        AgentIncrements(name: "agent-post-2", way: .posts, clients: 2, count: 500_000),
        AgentIncrements(name: "agent-stream", way: .stream, count: 2_000_000),
        AgentIncrements(name: "agent-stream-2", way: .stream, clients: 2, count: 2_000_000),
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
