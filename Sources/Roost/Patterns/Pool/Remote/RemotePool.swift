internal import Distributed
internal import Synchronization

/// A pool as other processes than its own see it.
final class RemotePool<Worker: PoolWorker>: PoolService {
    typealias Desk = PoolDesk<Worker, Worker.Input, Worker.Output>

    private struct Guarded {
        var calls: [Int: Task<Void, Never>] = [:]
        var pace = PoolPace()
    }

    let name: String
    let places: Int
    private let desk: Desk
    private let guarded = Mutex(Guarded())

    init(name: String, places: Int, desk: Desk) {
        self.name = name
        self.places = places
        self.desk = desk
    }

    var automaticChunk: Int { guarded.withLock { $0.pace.chunk } }

    func submit(_ submission: PoolSubmission<Worker>) {
        submission.hasBegun.store(true, ordering: .relaxed)
        // Under the lock, so that the call is noted before it has ended.
        guarded.withLock { guarded in
            guarded.calls[submission.number] = Task.detached { [self] in await call(submission) }
        }
    }

    private func call(_ submission: PoolSubmission<Worker>) async {
        let start = ContinuousClock.now
        let count = submission.inputs.count
        do {
            let chunk = PoolChunk(inputs: submission.inputs, limit: submission.isFlexible ? 1 : 0)
            let report = try await desk.serve(chunk, attempts: submission.attempts)
            let time = start.duration(to: .now)
            guarded.withLock { $0.pace.measured(report.count, nanoseconds: time / .nanoseconds(1)) }
            let lost = count == 1 ? [] : report.failures.filter(\.isLost).map(\.position)
            if lost.isEmpty {
                finish(submission, report.outcomes(of: 0..<report.count))
            } else {
                for range in (0..<count).pieces(without: lost) {
                    submission.deliver(range.lowerBound, report.outcomes(of: range))
                }
                await callOneByOne(submission, lost)
            }
        } catch let error as RemoteCallError where count > 1 && !Self.meansEnd(error) {
            // Something in it could not be sent: which it is shows when each task is sent by itself.
            await callOneByOne(submission, Array(submission.inputs.indices))
        } catch {
            let error = await translated(error)
            finish(submission, .results(submission.inputs.map { _ in .failure(error) }))
        }
    }

    private func callOneByOne(_ submission: PoolSubmission<Worker>, _ indices: [Int]) async {
        for index in indices {
            var outcome: PoolSubmission<Worker>.Outcomes
            do {
                let chunk = PoolChunk(inputs: [submission.inputs[index]], limit: 1)
                outcome = try await desk.serve(chunk, attempts: submission.attempts).outcomes(of: 0..<1)
            } catch {
                outcome = .results([.failure(await translated(error))])
            }
            guard guarded.withLock({ $0.calls[submission.number] != nil }) else { return }
            submission.deliver(index, outcome)
        }
        _ = guarded.withLock { $0.calls.removeValue(forKey: submission.number) }
    }

    /// Gives the outcomes of all tasks, unless nobody wants them any more.
    private func finish(_ submission: PoolSubmission<Worker>, _ outcomes: PoolSubmission<Worker>.Outcomes) {
        let isWanted = guarded.withLock { $0.calls.removeValue(forKey: submission.number) != nil }
        if isWanted { submission.deliver(0, outcomes) }
    }

    func abandon(_ submission: PoolSubmission<Worker>) -> Bool {
        let call = guarded.withLock { $0.calls.removeValue(forKey: submission.number) }
        call?.cancel()
        return call != nil
    }

    /// That the desk is gone means that the pool is.
    private func translated(_ error: any Error) async -> any Error {
        guard let error = error as? RemoteCallError, Self.meansEnd(error) else { return error }
        // Its owner lives, and has let go of it.
        if error.code == .terminated && error.exitReason == nil { return PoolError(.stopped, pool: name) }
        return PoolError(.ownerEnded, pool: name, exitReason: await reason(error))
    }

    /// Why the owner has ended: whoever asks later is told, when it was not known in time for the first.
    private func reason(_ error: RemoteCallError) async -> ExitReason? {
        var reason = error.exitReason
        for _ in 0..<3 where reason == nil || reason == .unknown {
            let desk = desk
            // A task of its own: this one's calls may be cancelled.
            let asked = Task.detached { () -> ExitReason? in
                do {
                    try await desk.look()
                    return nil
                } catch {
                    return (error as? RemoteCallError)?.exitReason
                }
            }
            reason = await asked.value ?? reason
        }
        return reason
    }

    private static func meansEnd(_ error: RemoteCallError) -> Bool {
        [.interrupted, .terminated, .notDelivered].contains(error.code)
    }

    private func ask<Answer>(_ question: (Desk) async throws -> Answer) async throws -> Answer {
        do { return try await question(desk) } catch { throw await translated(error) }
    }

    func drain() async throws { try await ask { try await $0.drain() } }
    func stop() async throws { try await ask { try await $0.stop() } }
    func resize(to size: PoolSize) async throws { try await ask { try await $0.resize(to: size.range) } }
    func statistics() async throws -> PoolStatistics { try await ask { try await $0.statistics() } }
}
