import Glibc
import Roost

/// The workers' processes: starts them, knows which are alive, gives them work, and strikes them.
///
/// Every answer comes back as a ``ClusterEvent``. A call that dies with its process gives none: that the process is
/// lost is told anyway.
@MainActor
final class Crew {
    let system: ProcessActorSystem
    private let tokenizers: [Tokenizer]
    private let reducers: [Reducer]
    private let events: AsyncStream<ClusterEvent>.Continuation
    private let lane = CallLane()
    private var alive: [WorkerID: Int32] = [:]

    /// Starts all workers at once; returns when each of them is ready.
    ///
    /// - Throws: `SpawnError` if one cannot be started.
    init(
        _ job: Job, in system: ProcessActorSystem, options: SpawnOptions,
        events: AsyncStream<ClusterEvent>.Continuation
    ) async throws {
        self.system = system
        self.events = events
        let arguments = Tokenizer.Arguments(mode: job.mode, reducers: job.reducers)
        async let tokenizers = Self.start(job.tokenizers) { index in
            try await system.spawn(
                Tokenizer.self, named: WorkerID.tokenizer(index).name, arguments, options: options)
        }
        async let reducers = Self.start(job.reducers) { index in
            try await system.spawn(Reducer.self, named: WorkerID.reducer(index).name, options: options)
        }
        self.tokenizers = try await tokenizers
        self.reducers = try await reducers
    }

    nonisolated private static func start<Worker: Sendable>(
        _ count: Int, _ spawn: @escaping @Sendable (Int) async throws -> Worker
    ) async throws -> [Worker] {
        try await withThrowingTaskGroup(of: (Int, Worker).self) { group in
            for index in 0..<count {
                group.addTask { (index, try await spawn(index)) }
            }
            var workers: [Int: Worker] = [:]
            for try await (index, worker) in group { workers[index] = worker }
            return (0..<count).compactMap { workers[$0] }
        }
    }

    /// How many workers there are, and how many of them are alive.
    var size: Int { tokenizers.count + reducers.count }
    var living: Int { alive.count }

    func becameReady(_ worker: WorkerID, processID: Int32) {
        alive[worker] = processID
    }

    func lost(_ worker: WorkerID) {
        alive[worker] = nil
    }

    // MARK: Work

    /// Has a tokenizer count a chunk.
    func count(_ lease: Lease, by index: Int) {
        let tokenizer = tokenizers[index]
        ask(.tokenizer(index)) { process in
            guard let report = try await tokenizer.count(lease.chunk, as: process) else { return nil }
            return .reported(report, lease, by: index)
        }
    }

    /// Gives a reducer an entry of its log.
    func hold(_ delivery: Delivery, by index: Int, incarnation: Int) {
        let reducer = reducers[index]
        ask(.reducer(index)) { process in
            guard let receipt = try await reducer.hold(delivery, as: process) else { return nil }
            return .settled(
                by: index, incarnation: incarnation, bytes: delivery.counts.count,
                workingNanoseconds: receipt.workingNanoseconds)
        }
    }

    /// Asks a reducer for a page of its words.
    func page(from start: Int, _ selection: Selection, of index: Int, incarnation: Int) {
        let reducer = reducers[index]
        ask(.reducer(index)) { process in
            guard let page = try await reducer.page(from: start, selection, as: process) else { return nil }
            return .page(page, of: index, incarnation: incarnation)
        }
    }

    private func ask(
        _ worker: WorkerID, _ call: @escaping @Sendable (_ process: Int32) async throws -> ClusterEvent?
    ) {
        // Dead by now: who asked will hear of it.
        guard let process = alive[worker] else { return }
        let events = events
        Task(executorPreference: lane) {
            do {
                if let event = try await call(process) { events.yield(event) }
            } catch {
                // That a process has died, the system's own event says.
                if !Self.isDeath(error) {
                    events.yield(.unanswered(worker, processID: process, "\(error)"))
                }
            }
        }
    }

    nonisolated private static func isDeath(_ error: any Error) -> Bool {
        guard let code = (error as? RemoteCallError)?.code else { return false }
        return [.interrupted, .terminated, .notDelivered].contains(code)
    }

    // MARK: Force

    /// Sends a worker's process a signal; false if it has none just now.
    func strike(_ worker: WorkerID, _ blow: ChaosSchedule.Blow) -> Bool {
        guard let process = alive[worker] else { return false }
        return kill(process, blow == .kill ? SIGKILL : SIGSTOP) == 0
    }

    /// Kills the process from which workers are forked; false if there is none just now.
    func strikeZygote() async throws -> Bool {
        guard let process = try await system.zygoteProcessID() else { return false }
        return kill(process, SIGKILL) == 0
    }

    /// Kills a process whose answer cannot be had: its successor, or another worker, may do better.
    func giveUp(on worker: WorkerID, processID: Int32) {
        if alive[worker] == processID { kill(processID, SIGKILL) }
    }
}
