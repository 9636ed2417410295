internal import RoostPlatform
internal import RoostWire

/// The spawned actors: their names, their lives, and what is done about them.
extension Node {
    /// Starts an actor; the answer comes when it is ready, or cannot be.
    ///
    /// One that another actor asked for ends with that one's process.
    func spawn(_ specification: ActorSpecification, for asker: Asker, _ reply: @escaping AnswerHandler) {
        do {
            let actor = try add(specification)
            let (number, name) = (actor.number, actor.name)
            asker?.spawned[number] = actor
            actor.parent = asker
            actor.startWaiter = { result in
                switch result {
                case .success: reply(.spawned(number: number, name: name))
                case .failure(let error): reply(.notSpawned(error))
                }
            }
            launch(actor)
        } catch {
            reply(.notSpawned(error))
        }
    }

    /// Gives an actor its name; nothing is started yet.
    func add(_ specification: ActorSpecification) throws(SpawnError) -> ActorRecord {
        let name = specification.name ?? "\(specification.typeName)-\(nextActor + 1)"
        func failure(_ code: SpawnError.Code, _ text: String) -> SpawnError {
            SpawnError(code, actor: name, typeName: specification.typeName, message: text)
        }
        guard state == .running else { throw failure(.systemStopped, "the system has been stopped") }
        if let holder = names[name].flatMap({ actors[$0] }) {
            let process = holder.process?.pid.map { ", process \($0)" } ?? ""
            throw failure(.nameTaken, "the name is held by a \(holder.typeName)\(process)")
        }
        nextActor += 1
        let actor = ActorRecord(number: nextActor, name: name, specification)
        actors[actor.number] = actor
        names[name] = actor.number
        return actor
    }

    /// The worker says that its actor takes messages.
    func becameReady(_ process: WorkerProcess) {
        let actor = process.actor
        guard actor.process === process else { return }
        // The zygote's answer may still be unread; a process is spawned first and ready then.
        if process.pid == nil && process.method == .zygote {
            process.wasReadyEarly = true
            return
        }
        switch actor.life.ready() {
        case .ignored: return
        case .started:
            publish(.ready, actor, processID: process.pid)
            actor.startWaiter.take()?(.success(()))
        case .restarted:
            publish(.restarted, actor, processID: process.pid)
        }
        tellFollowers(of: process, .running)
        if let (supervisor, child) = actor.supervisor { supervisor.actorIsReady(child) }
        beginWatching(process)
        let waiters = actor.resolveWaiters
        actor.resolveWaiters = []
        for waiter in waiters {
            resolve(.spawned(actor.number), for: waiter.requester, lost: waiter.lost, waiter.answer)
        }
    }

    func incarnationEnded(_ process: WorkerProcess, _ reason: ExitReason) {
        let actor = process.actor
        let action = actor.life.processEnded(reason, at: .now, random: .random(in: 0..<1))
        reportCrash(of: process, reason, action)
        switch action {
        case .ignored: return
        case .toSupervisor(let hadStarted):
            guard let (supervisor, child) = actor.supervisor else { return }
            if process.isIgnored { return supervisor.actorIsIgnored(child) }
            supervisor.actorEnded(
                child, process, reason, startError: hadStarted ? nil : startError(process, reason))
        case .startFailed:
            remove(actor, reason)
            actor.startWaiter.take()?(.failure(startError(process, reason)))
        case .restart(let delay):
            publish(.restarting(after: delay), actor)
            failWaitersIfAsked(actor)
            if delay == .zero { return relaunch(actor) }
            loop.schedule(
                .closure { [unowned self] in relaunch(actor) }, at: Monotonic.now.advanced(by: delay))
        case .ended(let reason):
            remove(actor, reason)
        case .gaveUp(let reason):
            publish(.gaveUp(reason), actor)
            remove(actor, reason)
        }
    }

    /// A sender may have lost its connection, and asked, before the process was reaped.
    func failWaitersIfAsked(_ actor: ActorRecord) {
        guard actor.options.whileRestarting == .failFast, let last = actor.lastReason else { return }
        answerResolveWaiters(of: actor, .restarting(last.record))
    }

    private func relaunch(_ actor: ActorRecord) {
        if actor.life.backoffElapsed() { launch(actor) }
    }

    private func startError(_ process: WorkerProcess, _ reason: ExitReason) -> SpawnError {
        let actor = process.actor
        func error(_ code: SpawnError.Code, _ text: String, _ reason: ExitReason? = nil) -> SpawnError {
            SpawnError(code, actor: actor.name, typeName: actor.typeName, exitReason: reason, message: text)
        }
        if process.isIgnored { return error(.ignored, "its initialiser says that it is not needed") }
        if let failure = process.startFailure {
            let text = "\(failure.typeName): \(failure.description)"
            switch failure.typeName {
            case "SystemError": return error(.resources, failure.description)
            case "WireError": return error(.died, failure.description, reason)
            case "NotRebuildable": return error(.typeNotRebuildable, failure.description)
            case "UndecodableArgument": return error(.invalidArguments, failure.description)
            default: return error(.initializerThrew, text)
            }
        }
        if process.killer == .startTimeout {
            let limit = actor.options.startLimit ?? options.startLimit
            return error(.timedOut, "it was not ready within \(limit)", reason)
        }
        return error(.died, "its process ended before it was ready", reason)
    }

    /// The actor is gone for good: its name is free, and nobody waits for it any longer.
    func remove(_ actor: ActorRecord, _ reason: ExitReason) {
        actors[actor.number] = nil
        if names[actor.name] == actor.number { names[actor.name] = nil }
        actor.parent?.spawned[actor.number] = nil
        rememberActor(actor.number, reason)
        endMemberships(of: .spawned(actor.number), reason, in: actor.lastProcess)
        answerResolveWaiters(of: actor, .terminated(reason.record))
        for waiter in actor.endWaiters { waiter() }
        actor.endWaiters = []
    }

    private func answerResolveWaiters(of actor: ActorRecord, _ answer: Resolution) {
        for waiter in actor.resolveWaiters { waiter.answer(answer) }
        actor.resolveWaiters = []
    }

    /// Stops an actor: it finishes its message, or is ended as its shutdown policy says.
    ///
    /// One with a supervisor is that one's to stop.
    func stop(_ actor: ActorRecord, _ done: @escaping () -> Void) {
        if let (supervisor, child) = actor.supervisor {
            return supervisor.stopChild(child) { _, _ in done() }
        }
        actor.endWaiters.append(done)
        stopIncarnation(of: actor)
    }

    /// Ends the present incarnation, as a stop.
    func stopIncarnation(of actor: ActorRecord) {
        switch actor.life.stopRequested() {
        case .ignored: return
        case .ended(let reason): remove(actor, reason)
        case .stopProcess:
            guard let process = actor.process else { return }
            beginStopping(process)
        }
    }

    /// Kills the present incarnation; `done` is called when it is reaped and everybody has been told.
    func kill(_ actor: ActorRecord, _ done: @escaping () -> Void) {
        guard let process = actor.process else { return done() }
        actor.killWaiters.append(done)
        kill(process, .user)
    }
}
