import Glibc
import Roost

/// One run of the cluster: starts it, hands its events to the ``Coordinator``, and does what that decides.
///
/// Everything happens in one task that reads one stream of events; so nothing here is locked, and what was decided
/// can be told from the order of the events.
@MainActor
final class ClusterRun {
    /// How long a tokenizer may take for a chunk; the largest ones take a tenth of a second.
    private static let patience = Duration.seconds(120)

    /// How many bytes of counts are kept in memory for reducers that may die.
    private static let replayMemory = 8 << 20

    private let job: Job
    private let crew: Crew
    private let console: Console
    private let isQuiet: Bool
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private let events: AsyncStream<ClusterEvent>.Continuation

    private var coordinator: Coordinator
    private let logs: ReplayLogs
    private var ledger: WorkerLedger
    private var leases = LeaseClock(limit: ClusterRun.patience)
    private var reader: WordReader
    private var report: RunReport
    /// The report that the coordinator is deciding about.
    private var latest: ChunkReport?
    private var deserted: Set<Int> = []
    private var isFinished = false

    init(
        _ job: Job, chaos: ChaosSpecification?, crew: Crew, console: Console, isQuiet: Bool,
        start: ContinuousClock.Instant, events: AsyncStream<ClusterEvent>.Continuation
    ) {
        self.job = job
        self.crew = crew
        self.console = console
        self.isQuiet = isQuiet
        self.start = start
        self.events = events
        let schedule = chaos.map { ChaosSchedule($0, chunks: job.chunks) }
        // Two leases at once: the next chunk is there when one is done.
        coordinator = Coordinator(
            book: LeaseBook(job.plan), reducers: job.reducers, chaos: schedule, leasesAtOnce: 2)
        logs = ReplayLogs(reducers: job.reducers, memory: Self.replayMemory)
        ledger = WorkerLedger(job.workers, at: start)
        reader = WordReader(reducers: job.reducers, job.selection)
        report = RunReport(mode: job.mode, files: job.files)
        report.chaos = chaos.map { RunReport.Chaos(planned: $0.strikes) }
    }

    /// Receives events until the run is over; returns what it came to, apart from the words.
    ///
    /// - Throws: ``RunFailure``.
    func receive(
        _ stream: AsyncStream<ClusterEvent>, _ write: WordReader.Write
    ) async throws -> RunReport {
        for await event in stream {
            try await receive(event)
            try await readWords(write)
            if isFinished { break }
        }
        return finalReport()
    }

    private func finalReport() -> RunReport {
        let now = clock.now
        report.elapsed = start.duration(to: now)
        report.workers = ledger.summaries(at: now)
        report.chaos?.restarts = ledger.restarts
        report.chaos?.redeliveries = coordinator.redeliveries
        report.chaos?.duplicates = coordinator.book.duplicates
        return report
    }
}

// MARK: Events

extension ClusterRun {
    private func receive(_ event: ClusterEvent) async throws {
        switch event {
        case .ready(let worker, let process):
            crew.becameReady(worker, processID: process)
            ledger.becameReady(worker, processID: process, at: clock.now)
            switch worker.kind {
            case .tokenizer: try await perform(coordinator.tokenizerReady(worker.index))
            case .reducer: try await perform(coordinator.reducerReady(worker.index))
            }
        case .lost(let worker):
            try await lost(worker)
        case .gaveUp(let worker, let reason):
            deserted.insert(worker.index)
            guard worker.kind == .tokenizer, deserted.count < job.tokenizers else {
                throw RunFailure.gaveUp(worker, reason)
            }
            console.say("word-count: \(worker.name) died too often; the last time it \(reason)")
        case .reported(let counts, let lease, let tokenizer):
            leases.reported(tokenizer, at: clock.now)
            ledger.worked(.tokenizer(tokenizer), bytes: counts.bytes, nanoseconds: counts.workingNanoseconds)
            latest = counts
            try await perform(coordinator.reported(lease, by: tokenizer, parts: counts.parts.map(\.count)))
            latest = nil
        case .settled(let reducer, let incarnation, let bytes, let nanoseconds):
            ledger.worked(.reducer(reducer), bytes: bytes, nanoseconds: nanoseconds)
            try await perform(coordinator.entrySettled(by: reducer, incarnation: incarnation))
        case .page(let page, let reducer, let incarnation):
            reader.pages.arrived(page, of: reducer, incarnation: incarnation)
        case .unanswered(let worker, let process, let reason):
            console.say("word-count: \(worker.name) is killed: \(reason)")
            crew.giveUp(on: worker, processID: process)
        case .tick:
            console.show(progress)
            for tokenizer in leases.overdue(at: clock.now) {
                leases.lost(tokenizer)
                try await perform(coordinator.tokenizerOverdue(tokenizer))
            }
        case .interrupted: try await interrupt()
        case .outOfTime:
            console.say("word-count: the words could not be collected in time")
            isFinished = true
        }
    }

    private func lost(_ worker: WorkerID) async throws {
        crew.lost(worker)
        ledger.lost(worker, at: clock.now)
        switch worker.kind {
        case .tokenizer:
            leases.lost(worker.index)
            try await perform(coordinator.tokenizerLost(worker.index))
        case .reducer:
            reader.pages.lost(worker.index)
            try await perform(coordinator.reducerLost(worker.index))
        }
    }

    private func interrupt() async throws {
        report.isInterrupted = true
        let events = events
        Task {
            try await Task.sleep(for: Interruption.timeToCollect)
            events.yield(.outOfTime)
        }
        try await perform(coordinator.interrupt())
    }

    private var progress: Progress {
        Progress(
            bytes: report.bytes, totalBytes: job.bytes, elapsed: start.duration(to: clock.now),
            liveWorkers: crew.living, workers: crew.size, restarts: ledger.restarts,
            queueDepth: max(0, job.chunks - report.chunks))
    }
}

// MARK: Actions

extension ClusterRun {
    private func perform(_ actions: [Coordinator.Action]) async throws {
        for action in actions {
            switch action {
            case .count(let lease, let tokenizer):
                leases.given(tokenizer, at: clock.now)
                crew.count(lease, by: tokenizer)
            case .keep(let lease): keep(lease)
            case .ignore: break
            case .deliver(let entry, let reducer, let incarnation):
                try deliver(entry, to: reducer, incarnation)
            case .rank(let reducer, let incarnation):
                reader.pages.becameReadable(reducer, incarnation: incarnation).map(ask)
            case .setAside(let chunk, let attempts): setAside(chunk, attempts)
            case .strike(let kind, let number, let blow): try await strike(kind, number, blow)
            case .finish: isFinished = true
            }
        }
    }

    private func keep(_ lease: Lease) {
        guard let latest else { return }
        report.chunks += 1
        report.bytes += latest.bytes
        report.words += latest.words
        note(latest.problems)
        logs.keep(latest.parts, of: lease)
        if let failure = logs.newFailure() {
            console.say("word-count: there is no temporary file (\(failure)): counts stay in memory")
        }
    }

    private func deliver(_ entry: Int, to reducer: Int, _ incarnation: Int) throws {
        do throws(SystemError) {
            crew.hold(try logs.delivery(entry, to: reducer), by: reducer, incarnation: incarnation)
        } catch {
            throw RunFailure.replay(error)
        }
    }

    private func setAside(_ chunk: Chunk, _ attempts: Int) {
        note(
            chunk.ranges.map { range in
                InputProblem(
                    path: range.path,
                    reason: .setAside(start: range.start, end: range.end, attempts: attempts))
            })
    }

    private func note(_ problems: [InputProblem]) {
        let known = report.problems.count
        report.note(problems)
        guard !isQuiet else { return }
        for problem in report.problems[known...] { console.say("word-count: \(problem)") }
    }

    private func strike(
        _ kind: ChaosSchedule.Kind, _ number: Int, _ blow: ChaosSchedule.Blow
    ) async throws {
        let hasHit =
            switch kind {
            case .tokenizer: crew.strike(.tokenizer(number), blow)
            case .reducer: crew.strike(.reducer(number), blow)
            case .zygote: try await crew.strikeZygote()
            }
        guard hasHit else { return }
        switch (kind, blow) {
        case (.zygote, _): report.chaos?.zygoteKills += 1
        case (_, .kill): report.chaos?.kills += 1
        case (_, .stop): report.chaos?.stops += 1
        }
    }
}

// MARK: Words

extension ClusterRun {
    private func ask(_ request: RankedPages.Request) {
        crew.page(
            from: request.start, job.selection, of: request.reducer, incarnation: request.incarnation)
    }

    private func readWords(_ write: WordReader.Write) async throws {
        // Before that no reducer has all its words.
        guard coordinator.book.isFinished, !isFinished else { return }
        let progress = try reader.read(write)
        progress.requests.forEach(ask)
        if progress.isEnd { try await endReading() }
    }

    /// All words have been read from these incarnations.
    private func endReading() async throws {
        for (reducer, incarnation) in reader.pages.incarnations.enumerated() {
            guard let incarnation else { continue }
            try await perform(coordinator.ranked(reducer, incarnation: incarnation))
        }
    }
}
