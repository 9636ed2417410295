internal import Distributed
internal import Synchronization

/// Starting processes, and hearing of their ends.
extension PoolCore {
    /// Starts a process and follows its life to its end.
    func start(_ place: Int) {
        // Detached: it has nothing of whoever happened to make it necessary, no deadline and no caller.
        Task.detached { [self] in
            let began = ContinuousClock.now
            let actor: PlaceActor
            let watch: Watch
            do {
                actor = try await system.spawn(
                    PlaceActor.self, named: isNamed ? "\(name)/\(place)" : nil, arguments,
                    options: spawnOptions)
                watch = try await system.watch(actor)
            } catch {
                return failedToStart(place, error)
            }
            let ready = ContinuousClock.now
            act { guarded in
                guarded.places[place] = Place(
                    actor: actor, ready: ready, startTook: began.duration(to: ready))
                guarded.figures.started += 1
                return guarded.state.started(place)
            }
            let reason = (try? await watch.value) ?? .unknown
            ended(place, reason)
        }
    }

    private var spawnOptions: SpawnOptions {
        var spawn = options.process
        spawn.restart = .temporary
        spawn.whileRestarting = .failFast
        return spawn
    }

    private func failedToStart(_ place: Int, _ error: any Error) {
        let spawnError = error as? SpawnError
        let hopeless: [SpawnError.Code] = [.systemStopped, .typeNotRebuildable, .invalidArguments]
        act { guarded in
            if let spawnError { guarded.startError = spawnError }
            // Without a system there is no pool either: what keeps it is let go.
            if spawnError?.code == .systemStopped { guarded.desk = nil }
            return guarded.state.failedToStart(
                place, isFinal: spawnError.map { hopeless.contains($0.code) } ?? false)
        }
    }

    private func ended(_ place: Int, _ reason: ExitReason) {
        act(about: place) { guarded in
            if !reason.isNormal { guarded.figures.died += 1 }
            return guarded.state.ended(place, reason)
        }
    }

    // MARK: Looking in

    func statistics() async -> PoolStatistics {
        let now = ContinuousClock.now
        return guarded.withLock { guarded in
            let workers = guarded.places.sorted { $0.key < $1.key }.map { _, place in
                PoolStatistics.Worker(
                    name: place.actor.id.name, tasks: place.tasks, starting: place.startTook,
                    working: place.working,
                    waiting: max(place.ready.duration(to: now) - place.working, .zero))
            }
            let open = guarded.state.tickets.values.reduce(0) { $0 + $1.open }
            return PoolStatistics(
                totals: guarded.figures, workers: workers, waiting: guarded.state.waitingTasks,
                running: open - guarded.state.waitingTasks)
        }
    }
}
