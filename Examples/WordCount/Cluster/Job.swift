import Roost

/// What a cluster is to do: the same for the run that counts and for the clean one it is timed against.
struct Job: Sendable {
    let mode: WordMode
    let tokenizers: Int
    let reducers: Int
    let selection: Selection
    let plan: ChunkPlan
    let files: Int
    let bytes: Int
    /// How many chunks the plan makes.
    let chunks: Int

    init(_ arguments: Arguments, _ survey: FileSurvey) {
        mode = arguments.mode
        tokenizers = arguments.workers
        reducers = arguments.reducers
        selection = arguments.selection
        files = survey.files.count
        bytes = survey.byteCount
        let size = ChunkPlan.suitableSize(
            forBytes: survey.byteCount, workers: arguments.workers,
            leastChunks: 2 * (arguments.chaos?.strikes ?? 0))
        plan = ChunkPlan(survey.files, chunkSize: size)
        chunks = plan.reduce(0) { count, _ in count + 1 }
    }

    /// All the workers.
    var workers: [WorkerID] {
        (0..<tokenizers).map { .tokenizer($0) } + (0..<reducers).map { .reducer($0) }
    }

    /// How the system works in which the job is done.
    static var systemOptions: SystemOptions {
        var options = SystemOptions()
        // A word is one key and travels whole, however long it is.
        options.maximumMessageSize = 1 << 30
        // Nobody waits for a worker that has been stopped: others do its work meanwhile.
        options.stoppedGrace = .milliseconds(200)
        // The report says how often each worker was restarted.
        options.crashReports = .silent
        // At the end all are idle. After Ctrl-C a tokenizer may be in the middle of a chunk that nobody wants.
        options.shutdown = .within(.milliseconds(200))
        return options
    }

    /// How the workers are supervised.
    ///
    /// A chunk that kills three tokenizers is set aside, so accidents end by themselves; the limit is for a
    /// program that cannot work at all. Chaos needs room for its strikes, and its victims back at once.
    static func spawnOptions(for chaos: ChaosSpecification?) -> SpawnOptions {
        let strikes = chaos?.strikes ?? 0
        return SpawnOptions(
            intensity: RestartIntensity(restarts: 1_000 + strikes, within: .seconds(60)),
            backoff: strikes > 0
                ? .none : Backoff(initial: .milliseconds(1), maximum: .milliseconds(200)))
    }
}
