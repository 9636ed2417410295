public import Distributed

/// An actor that serves the tasks of an ``ActorPool``: one `perform` method, and state of its own.
///
/// ```swift
/// distributed actor Squarer: PoolWorker {
///     distributed func perform(_ number: Int) -> Int { number * number }
/// }
///
/// let pool = try await system.makePool(of: Squarer.self, size: .processors)
/// for try await square in pool.map(1...1_000_000) { print(square) }
/// ```
/// Each place of a pool has a worker of its own, in a process of its own, which serves one task after another. What
/// it keeps in its properties is there for its next task: an open file, a cache, a model. It is made with arguments
/// as every ``ProcessActor`` is, ``ProcessActor/prepareProcess()`` runs before that, and ``ProcessActor/willStop()``
/// when its process is stopped in order. While a task is served, `context` is that of the pool's message:
/// `context.stop()` has the process replaced after the task.
///
/// An error that `perform` throws is the task's outcome, and the worker lives on. When the process dies instead, the
/// task is tried again in another one.
public protocol PoolWorker: ProcessActor {
    /// What a task is.
    associatedtype Input: Codable & Sendable
    /// What becomes of it.
    associatedtype Output: Codable & Sendable

    /// Serves a task.
    distributed func perform(_ input: Input) async throws -> Output

    /// Serves the tasks of a chunk, one after another.
    ///
    /// There is no need to write it. It is a requirement so that the compiler makes the loop for each worker's own
    /// types, which makes short tasks many times faster.
    static func perform(_ chunk: PoolChunk<Input>, on worker: isolated Self) async -> PoolReport<Output>
}

extension PoolWorker {
    /// Calls `perform` for each task, until the chunk's time is over or it is cancelled.
    @inlinable
    public static func perform(
        _ chunk: PoolChunk<Input>, on worker: isolated Self
    ) async -> PoolReport<Output> {
        var report = PoolReport<Output>(capacity: chunk.inputs.count)
        var pace = ChunkPace(limit: chunk.limit)
        for input in chunk.inputs {
            do {
                report.append(try await worker.perform(input))
            } catch {
                report.append(error)
            }
            if pace.isOver() { break }
        }
        return report
    }
}
