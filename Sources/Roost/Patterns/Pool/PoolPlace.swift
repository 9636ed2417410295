internal import Distributed

/// A place of a pool: the actor of a process in which a worker serves what the pool gives it.
///
/// The types of tasks are parameters of its own: in the types of a distributed method the runtime finds a type
/// parameter, and does not find a type that belongs to one.
distributed actor PoolPlace<Worker: PoolWorker, Input, Output>: ProcessActor
where Worker.Input == Input, Worker.Output == Output {
    typealias Arguments = Worker.Arguments

    private let worker: Worker

    init(_ arguments: Worker.Arguments, actorSystem: ProcessActorSystem) async throws {
        self.actorSystem = actorSystem
        worker = try await Worker(arguments, actorSystem: actorSystem)
    }

    static func prepareProcess() async throws { try await Worker.prepareProcess() }

    func willStop() async {
        _ = await worker.whenLocal { await $0.willStop() }
    }

    /// Serves the tasks one after another: one hop to the worker for all of them.
    distributed func serve(_ chunk: PoolChunk<Input>) async -> PoolReport<Output> {
        let report = await worker.whenLocal { await Worker.perform(chunk, on: $0) }
        return (report ?? PoolReport(capacity: 0)).describingCallErrors
    }

    /// Answers when what was served before has ended.
    distributed func settle() {}
}

extension PoolReport {
    /// With the errors of calls that tasks let through described: their codes are about other calls.
    fileprivate var describingCallErrors: Self {
        guard !failures.isEmpty else { return self }
        var report = self
        for index in report.failures.indices {
            if case .thrown(let error) = report.failures[index].cause, error is RemoteCallError {
                report.failures[index].cause = .thrown(RemoteError(describing: error))
            }
        }
        return report
    }
}
