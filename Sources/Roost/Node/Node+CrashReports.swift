internal import RoostPlatform

/// Telling people about crashes.
extension Node {
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
            timeAlive: process.begun.duration(to: .now), lastErrors: process.output?.lastErrors ?? [],
            decision: decision)
        publish(.crashed(report), actor, incarnation: process.incarnation, processID: process.pid)
        if options.crashReports == .print { output.report("\(report)\n") }
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
