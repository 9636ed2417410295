internal import RoostPlatform
internal import RoostWire

/// What is known of an actor's work, and since when.
struct KnownFigures {
    var incarnation: Int
    /// When its process was started.
    let begun: Monotonic
    /// When these were told.
    var told: Monotonic
    var figures = FiguresRecord()
}

/// Asking the workers for their figures.
extension Node {
    /// Answers when every worker has told its figures, and after `limit` at the latest.
    func statistics(within limit: Duration, _ reply: @escaping AnswerHandler) {
        let running = processes.values.filter { $0.actor.process === $0 && $0.actor.life.takesConnections }
        var left = running.count
        var timer: EventLoop.TimerToken?
        var isOver = false
        func finish() {
            if isOver { return }
            isOver = true
            if let timer { loop.cancel(timer) }
            reply(.statistics(knownStatistics))
        }
        if left == 0 { return finish() }
        timer = loop.schedule(.closure(finish), at: Monotonic.now.advanced(by: limit))
        for process in running {
            measure(process) {
                left -= 1
                if left == 0 { finish() }
            }
        }
    }

    private func measure(_ process: WorkerProcess, _ done: @escaping () -> Void) {
        let (number, asksNow) = process.poll.want()
        process.figureWaiters.append((number, done))
        if asksNow { process.control?.send(.measure(request: number)) }
    }

    func measured(_ process: WorkerProcess, _ request: UInt32, _ figures: FiguresRecord) {
        let action = process.poll.answered(request)
        if action == .ignored { return }
        if process.actor.process === process {
            process.actor.known?.figures = figures
            process.actor.known?.told = .now
        }
        if case .ask(let next) = action { process.control?.send(.measure(request: next)) }
        let ready = process.figureWaiters.filter { $0.number == request }
        process.figureWaiters.removeAll { $0.number == request }
        for waiter in ready { waiter.done() }
    }

    /// Of all actors, in the order they were spawned, from what their processes have told.
    private var knownStatistics: [ActorStatistics] {
        let now = Monotonic.now
        return actors.values.sorted { $0.number < $1.number }.map { statistics(of: $0, at: now) }
    }

    private func statistics(of actor: ActorRecord, at now: Monotonic) -> ActorStatistics {
        let known = actor.known ?? KnownFigures(incarnation: actor.life.incarnation, begun: now, told: now)
        var statistics = ActorStatistics(
            name: actor.name, typeName: actor.typeName, incarnation: known.incarnation,
            restarts: actor.life.incarnation - 1, processID: actor.process?.pid,
            age: known.told.duration(to: now), period: known.begun.duration(to: known.told), received: 0,
            served: 0, waiting: 0, sent: 0, bytesReceived: 0, bytesSent: 0, busy: .zero)
        statistics.take(known.figures)
        return statistics
    }
}
