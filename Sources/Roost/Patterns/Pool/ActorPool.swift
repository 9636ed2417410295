internal import Distributed

/// Processes that serve tasks: whoever has one gives it inputs and gets outputs, whatever happens to the processes.
///
/// ```swift
/// let pool = try await system.makePool(of: Squarer.self, size: .processors)
/// let one = try await pool.perform(42)
/// for try await square in pool.map(1...1_000_000) { print(square) }
/// await pool.stop()
/// ```
/// Each place of the pool is a process with a ``PoolWorker`` of its own, which serves one task at a time. When a
/// process dies, the task that it was serving is tried again in another, and nothing else is lost; the process is
/// replaced. A task that kills one process after the other fails alone, with ``PoolError/Code/workerDied``. Since a
/// task may be tried again, it may run more than once; with ``PoolOptions/attempts`` of 1 it does not.
///
/// The pool belongs to the process that made it, the node's or an actor's, and ends with it, or when it is stopped.
/// The value can be sent in messages, and used in other processes as in its own: what they ask goes by way of the
/// process it belongs to.
///
/// A task must not wait for whoever waits for it: a worker that calls back the actor that awaits its result, or that
/// gives its own pool tasks when all places wait, waits for ever.
public struct ActorPool<Worker: PoolWorker>: Sendable {
    /// What a task is.
    public typealias Input = Worker.Input
    /// What becomes of it.
    public typealias Output = Worker.Output

    let service: any PoolService<Worker>
    let desk: PoolDesk<Worker, Input, Output>

    init(_ service: any PoolService<Worker>, desk: PoolDesk<Worker, Input, Output>) {
        self.service = service
        self.desk = desk
    }

    /// The pool's name.
    public var name: String { service.name }

    // MARK: Single tasks

    /// Has a task served; returns its result.
    ///
    /// Tasks that are given one after another are begun in this order. Cancelling the caller's task cancels this one,
    /// as ``PoolTask/cancel()`` does.
    ///
    /// - Parameters:
    ///   - input: what is given to the worker.
    ///   - limit: how long it may take, from now; as long as it does if nil.
    ///   - attempts: how many processes it may end; nil for ``PoolOptions/attempts``.
    /// - Returns: what the worker's `perform` returned.
    /// - Throws: what `perform` threw; ``PoolError``; ``RemoteCallError`` when the input or the result could not be
    ///   sent; `CancellationError`.
    public func perform(
        _ input: Input, within limit: Duration? = nil, attempts: Int? = nil
    ) async throws -> Output {
        let task = begin(input, within: limit, attempts: attempts)
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Gives the pool a task, and does not wait for it.
    ///
    /// How many tasks wait is up to whoever submits them; `map` keeps
    /// their number small by itself.
    ///
    /// - Parameters:
    ///   - input: what is given to the worker.
    ///   - limit: how long it may take, from now; as long as it does if nil.
    ///   - attempts: how many processes it may end; nil for ``PoolOptions/attempts``.
    /// - Returns: the task, with its result to come.
    /// - Throws: nothing now; what becomes of the task is for ``PoolTask/value`` to say.
    public func submit(
        _ input: Input, within limit: Duration? = nil, attempts: Int? = nil
    ) async throws -> PoolTask<Output> {
        begin(input, within: limit, attempts: attempts)
    }

    private func begin(_ input: Input, within limit: Duration?, attempts: Int?) -> PoolTask<Output> {
        precondition(attempts ?? 1 > 0, "a task is tried at least once")
        let task = PoolTask<Output>()
        let submission = PoolSubmission<Worker>([input], attempts: attempts, isFlexible: limit == nil) {
            switch $1 {
            case .values(let values): task.finish(.success(values[0]))
            case .results(let results): task.finish(results[0])
            }
        }
        task.attach(submission, in: service)
        if let limit { task.setDeadline(limit, PoolError(.deadlineExceeded, pool: name)) }
        service.submit(submission)
        return task
    }

    // MARK: The pool

    /// Returns when every task the pool was given has its outcome.
    ///
    /// The pool goes on to take tasks, and waits for those too.
    public func drain() async { try? await service.drain() }

    /// Ends the pool: tasks that are being served are finished, those that wait fail with
    /// ``PoolError/Code/stopped``; returns when the last process has ended.
    ///
    /// How long a process may take to end is ``SpawnOptions/shutdown`` of the pool's options. A second time it only
    /// waits for the end.
    public func stop() async { try? await service.stop() }

    /// Changes how many processes there are.
    ///
    /// New ones are started at once; ones too many end when they have served what they are serving.
    ///
    /// - Throws: ``PoolError`` with `.ownerEnded`, in another process than the pool's.
    public func resize(to size: PoolSize) async throws { try await service.resize(to: size) }

    /// What the pool has done, and what its processes are doing.
    ///
    /// - Throws: ``PoolError`` with `.ownerEnded`, in another process than the pool's.
    public var statistics: PoolStatistics {
        get async throws { try await service.statistics() }
    }
}

extension ActorPool: Codable {
    private enum CodingKeys: String, CodingKey {
        case name = "n"
        case places = "p"
        case desk = "d"
    }

    /// Writes what other processes need to use the pool.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(service.places, forKey: .places)
        try container.encode(desk, forKey: .desk)
    }

    /// Reads a pool; only with an actor system's decoder, as part of a message.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        desk = try container.decode(PoolDesk<Worker, Input, Output>.self, forKey: .desk)
        service = RemotePool(
            name: try container.decode(String.self, forKey: .name),
            places: try container.decode(Int.self, forKey: .places), desk: desk)
    }
}

extension ProcessActorSystem {
    /// Makes a pool of processes that serve tasks; returns when all of them are ready.
    ///
    /// Works in the node and in actors' processes. The pool belongs to the process that makes it.
    ///
    /// - Parameters:
    ///   - type: the workers' type, which must not be declared inside a function.
    ///   - name: what the pool is called in errors; its processes' actors are named after it then, and it must be one
    ///     of a kind.
    ///   - size: how many processes there are.
    ///   - arguments: what each worker's initialiser gets.
    ///   - options: how it works.
    /// - Returns: the pool.
    /// - Throws: ``SpawnError`` when a process could not be started; none is left then.
    public func makePool<Worker: PoolWorker>(
        of type: Worker.Type, named name: String? = nil, size: PoolSize = .processors,
        _ arguments: Worker.Arguments, options: PoolOptions = PoolOptions()
    ) async throws -> ActorPool<Worker> {
        let core = PoolCore<Worker>(
            system: self, name: name, arguments: arguments, size: size, options: options)
        let desk = PoolDesk<Worker, Worker.Input, Worker.Output>(core, actorSystem: self)
        core.keep(desk)
        try await core.warmUp()
        return ActorPool(core, desk: desk)
    }

    /// Makes a pool of processes whose workers take no arguments; returns when all of them are ready.
    public func makePool<Worker: PoolWorker>(
        of type: Worker.Type, named name: String? = nil, size: PoolSize = .processors,
        options: PoolOptions = PoolOptions()
    ) async throws -> ActorPool<Worker> where Worker.Arguments == NoArguments {
        try await makePool(of: type, named: name, size: size, NoArguments(), options: options)
    }
}
