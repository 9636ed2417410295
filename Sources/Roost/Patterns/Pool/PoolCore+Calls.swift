internal import Distributed
internal import Synchronization

/// Giving tasks to places, and taking in what became of them.
extension PoolCore {
    /// A part of an assignment, with the submission it belongs to.
    struct Part: Sendable {
        let submission: Submission
        let range: Range<Int>
    }

    /// Makes the call; under the lock, so that whoever cancels the call finds it.
    func serve(_ assignment: PoolAssignment, at place: Int, _ guarded: inout Guarded) {
        let parts = assignment.spans.compactMap { span in
            guarded.submissions[span.ticket].map { Part(submission: $0, range: span.range) }
        }
        guard let actor = guarded.places[place]?.actor, parts.count == assignment.spans.count else {
            preconditionFailure("a task without a submission, or without a place")
        }
        for part in parts { part.submission.hasBegun.store(true, ordering: .relaxed) }
        guarded.places[place]?.call = Task.detached { [self] in
            await call(actor, place, parts)
        }
    }

    private func call(_ actor: PlaceActor, _ place: Int, _ parts: [Part]) async {
        let isFlexible = parts.allSatisfy(\.submission.isFlexible)
        let chunk = PoolChunk(inputs: Self.inputs(of: parts), limit: isFlexible ? Self.chunkLimit : 0)
        let start = ContinuousClock.now
        do {
            let report = try await actor.serve(chunk)
            took(report, from: place, parts, start.duration(to: .now))
        } catch is CancellationError {
            // Nobody waits for the results; the place may still be computing them. This task's calls are not sent.
            Task.detached { [self] in await settle(actor, place) }
        } catch {
            failed(error, at: place, parts)
        }
    }

    private func settle(_ actor: PlaceActor, _ place: Int) async {
        do {
            try await actor.settle()
            act(about: place) { $0.state.settled(place) }
        } catch {
            act(about: place) { $0.state.lost(place, begun: true) }
        }
    }

    /// A place gives back what it has not begun after so many nanoseconds.
    private static var chunkLimit: UInt64 { UInt64(PoolPace.chunkTime) * 2 }

    private static func inputs(of parts: [Part]) -> [Worker.Input] {
        if parts.count == 1, parts[0].range.count == parts[0].submission.inputs.count {
            return parts[0].submission.inputs
        }
        var inputs: [Worker.Input] = []
        inputs.reserveCapacity(parts.reduce(0) { $0 + $1.range.count })
        for part in parts { inputs += part.submission.inputs[part.range] }
        return inputs
    }

    // MARK: What became of them

    private func took(
        _ report: PoolReport<Worker.Output>, from place: Int, _ parts: [Part], _ time: Duration
    ) {
        // A task that was alone is not served by itself once more.
        let isAlone = parts.count == 1 && parts[0].range.count == 1
        let lost = isAlone ? [] : report.failures.filter(\.isLost).map(\.position)
        act(about: place) { guarded in
            guarded.pace.measured(report.count, nanoseconds: time / .nanoseconds(1))
            guarded.state.batchLimit = guarded.pace.batch
            guarded.places[place]?.working += time
            guarded.places[place]?.tasks += report.count
            guarded.places[place]?.call = nil
            deliver(report, to: parts, without: lost, &guarded)
            let actions = guarded.state.served(place, count: report.count, lost: lost)
            for part in parts where guarded.state.tickets[part.submission.number] == nil {
                guarded.submissions[part.submission.number] = nil
            }
            return actions
        }
    }

    private func deliver(
        _ report: PoolReport<Worker.Output>, to parts: [Part], without lost: [Int], _ guarded: inout Guarded
    ) {
        var position = 0
        for part in parts {
            let start = position
            let end = min(start + part.range.count, report.count)
            guard start < end else { break }
            position = end
            guard guarded.submissions[part.submission.number] != nil else { continue }
            for range in (start..<end).pieces(without: lost) {
                let outcomes = report.outcomes(of: range) as Submission.Outcomes
                guarded.figures.count(outcomes)
                guarded.effects.append {
                    part.submission.deliver(part.range.lowerBound + range.lowerBound - start, outcomes)
                }
            }
        }
    }

    private func failed(_ error: any Error, at place: Int, _ parts: [Part]) {
        switch (error as? RemoteCallError)?.code {
        case .interrupted?: act(about: place) { $0.state.lost(place, begun: true) }
        case .terminated?, .notDelivered?: act(about: place) { $0.state.lost(place, begun: false) }
        default:
            // The message itself is at fault, or its answer.
            guard parts.count == 1, parts[0].range.count == 1 else {
                return act(about: place) { $0.state.refused(place) }
            }
            var report = PoolReport<Worker.Output>(capacity: 0)
            report.append(error)
            took(report, from: place, parts, .zero)
        }
    }
}
