import Glibc
import Roost

/// The cluster: tokenizers, reducers, and the node that this process is.
///
/// ```
/// files ─► tokenizers ─► counts, by hash of the word ─► replay log ─► reducers ─► words in order
/// ```
/// A chunk is a lease, which another tokenizer gets if its holder dies; a reducer that dies is given its log again.
/// What is decided about that is ``Coordinator``'s to say, and ``ClusterRun``'s to do.
@MainActor
enum Cluster {
    /// Runs a job to its end, in a system of its own.
    ///
    /// - Parameters:
    ///   - job: what is to be done.
    ///   - chaos: which processes are struck.
    ///   - isQuiet: whether the tree of processes and what is said of inputs are left out.
    ///   - console: where messages and progress are shown.
    ///   - interruption: what may end the run early.
    ///   - write: takes the words, in order.
    /// - Returns: what it came to, apart from the words.
    /// - Throws: ``RunFailure``.
    static func run(
        _ job: Job, chaos: ChaosSpecification?, isQuiet: Bool = false, console: Console,
        interruption: Interruption, _ write: WordReader.Write
    ) async throws -> RunReport {
        let start = ContinuousClock.now
        let (stream, events) = AsyncStream<ClusterEvent>.makeStream()
        interruption.onRequest { events.yield(.interrupted) }
        return try await ProcessActorSystem.run(Job.systemOptions) { system in
            let sources = EventSources(system, into: events)
            defer { sources.stop() }
            let crew: Crew
            do {
                crew = try await Crew(job, in: system, options: Job.spawnOptions(for: chaos), events: events)
            } catch {
                throw RunFailure.cannotStart("\(error)")
            }
            if !isQuiet { try await showTree(job, system, on: console) }
            let run = ClusterRun(
                job, chaos: chaos, crew: crew, console: console, isQuiet: isQuiet, start: start,
                events: events)
            return try await run.receive(stream, write)
        }
    }

    private static func showTree(
        _ job: Job, _ system: ProcessActorSystem, on console: Console
    ) async throws {
        var children: [(name: String, processID: Int32)] = []
        if let zygote = try await system.zygoteProcessID() { children.append(("zygote", zygote)) }
        let processes = try await system.processes()
        for worker in job.workers {
            let process = processes.first { $0.actor == worker.name }
            if let id = process?.processID { children.append((worker.name, id)) }
        }
        for line in ProcessTree.lines(program: getpid(), children: children) { console.say(line) }
    }
}
