internal import RoostPlatform

/// Telling people about crashes.
extension Node {
    /// An incarnation has ended, and what becomes of its actor is decided: if that was a crash, it is told.
    func reportCrash(of process: WorkerProcess, _ reason: ExitReason, _ action: ActorLife.EndedAction) {
        guard !reason.isNormal, let decision = decision(for: action, process) else { return }
        let actor = process.actor
        let report = CrashReport(
            actor: actor.name, typeName: actor.typeName, processID: process.pid,
            incarnation: process.incarnation, reason: reason,
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
        // Whoever starts the actor gets the error, which says all there is to say.
        case .startFailed: process.startFailure == nil ? .startFailed : nil
        case .restart(let delay): .restart(after: delay)
        case .ended: .staysDead
        case .gaveUp: .gaveUp
        }
    }
}
