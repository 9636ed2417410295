internal import Distributed
internal import RoostPlatform
internal import RoostWire

/// Crashes: what is done when a process says that it crashes, and what is told when it has ended.
extension Node {
    /// A worker is crashing: its callers are told at once, since its end can take a while.
    func crashed(_ record: CrashRecord) {
        // Unknown when a fork of the worker's own crashes.
        guard let process = processByID[record.processID], process.crash == nil else { return }
        process.crash = record
        let reason = process.exitReason(.signalled(record.signal))
        for waiter in process.reasonWaiters { waiter(reason) }
        process.reasonWaiters = []
        host?.processDied(process.number)
        for peer in process.peers { processes[peer]?.control?.send(.crashed(process: process.number)) }
        // One that has handled its signal and lives on is of no use any more: nobody talks to it.
        setTimer(process, after: .seconds(60)) { _, process in
            if let pid = process.pid { ChildProcess.signal(pid, 9) }
        }
    }

    /// An incarnation has ended, and what becomes of its actor is decided: if that was a crash, it is told.
    func reportCrash(of process: WorkerProcess, _ reason: ExitReason, _ action: ActorLife.EndedAction) {
        guard let decision = decision(for: action, process) else { return }
        reportCrash(of: process, reason, decision)
    }

    func reportCrash(of process: WorkerProcess, _ reason: ExitReason, _ decision: CrashReport.Decision) {
        if reason.isNormal { return }
        let actor = process.actor
        let report = CrashReport(
            actor: actor.name, typeName: actor.typeName,
            supervisorPath: actor.supervisor?.node.path.split(separator: "/").map(String.init) ?? [],
            processID: process.pid, incarnation: process.incarnation, reason: reason,
            timeAlive: process.begun.duration(to: .now), message: process.crash.flatMap(message),
            mailboxDepth: process.crash?.waiting, lastErrors: process.output?.lastErrors ?? [],
            decision: decision)
        publish(.crashed(report), actor, incarnation: process.incarnation, processID: process.pid)
        if options.crashReports == .print { output.report("\(report)\n") }
    }

    private func message(_ crash: CrashRecord) -> CrashReport.Message? {
        guard let target = crash.target else { return nil }
        let sender = crash.sender.map { name(of: ActorKey(owner: $0.owner, number: $0.number)) }
        return CrashReport.Message(
            target: RemoteCallTarget(target).description, sender: sender, count: crash.count)
    }

    private func name(of key: ActorKey) -> String {
        if key.isSpawned { return actors[key.number]?.name ?? "an actor that has ended" }
        if key.owner == Self.processNumber { return "an actor of the node's own" }
        return processes[key.owner].map { "an actor of \($0.actor.name)'s own" } ?? "an actor that has ended"
    }

    private func decision(
        for action: ActorLife.EndedAction, _ process: WorkerProcess
    ) -> CrashReport.Decision? {
        switch action {
        case .ignored: nil
        // It says so itself, once it has decided.
        case .toSupervisor: nil
        // Whoever starts the actor gets the error, which says all there is to say.
        case .startFailed: process.startFailure == nil ? .startFailed : nil
        case .restart(let delay): .restart(after: delay)
        case .ended: .staysDead
        case .gaveUp: .gaveUp
        }
    }
}
