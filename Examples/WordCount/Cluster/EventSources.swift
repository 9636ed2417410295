import Roost

/// What flows into the stream of a run's events by itself: the system's events, and the time.
struct EventSources {
    private let tasks: [Task<Void, any Error>]

    /// Begins to listen; before the workers are started, so that nothing is missed.
    init(_ system: ProcessActorSystem, into events: AsyncStream<ClusterEvent>.Continuation) {
        let happenings = system.events
        let listening = Task<Void, any Error> {
            for await happening in happenings {
                if let event = Self.event(happening) { events.yield(event) }
            }
        }
        let ticking = Task<Void, any Error> {
            while true {
                try await Task.sleep(for: .milliseconds(100))
                events.yield(.tick)
            }
        }
        tasks = [listening, ticking]
    }

    func stop() {
        for task in tasks { task.cancel() }
    }

    /// What a run has to know of the system's event, if anything.
    private static func event(_ happening: SystemEvent) -> ClusterEvent? {
        guard let worker = WorkerID(name: happening.actor) else { return nil }
        switch happening.kind {
        case .ready, .restarted: return happening.processID.map { .ready(worker, processID: $0) }
        case .terminated: return .lost(worker)
        case .gaveUp(let reason): return .gaveUp(worker, reason)
        default: return nil
        }
    }
}
