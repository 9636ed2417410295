internal import Distributed
internal import RoostPlatform
internal import RoostWire

/// Crashes: what is done when a process says that it crashes, and what is told when it has ended.
extension Node {
    func told(_ record: CrashPipe.Record) {
        switch record {
        case .crash(let record): crashed(record)
        case .copy(let record): copied(record)
        }
    }

    /// A worker is crashing: its callers are told at once, since its end can take a while.
    private func crashed(_ record: CrashRecord) {
        // Unknown when a fork of the worker's own crashes.
        guard let process = processByID[record.processID], process.crash == nil else { return }
        process.crash = record
        if let settings = options.backtraceSettings {
            process.backtrace.crashed(settings, isMade: record.makesBacktrace)
        }
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
        if case .crashed(let signal) = reason, options.backtraces, CrashRecorder.tells(of: signal) {
            process.backtrace.endedSilently()
        }
        if let report = process.backtrace.ended(report) { publish(report, of: actor) }
    }

    private func publish(_ report: CrashReport, of actor: ActorRecord) {
        publish(.crashed(report), actor, incarnation: report.incarnation, processID: report.processID)
        if options.crashReports == .print { output.report("\(report)\n") }
    }

    // MARK: Backtraces

    /// A worker has made a copy of itself, which is a child of this thread, for its backtrace.
    private func copied(_ record: CopyRecord) {
        guard let process = processByID[record.processID], process.backtrace.isAwaited else {
            // Nobody asks for it, but it has to be ended.
            guard case .success(let copy) = record.copy else { return }
            return backtraces[copy.processID] = BacktraceReader(copy, loop: loop, limit: nil) { _ in }
        }
        let finish = { [self] (outcome: BacktraceState.Outcome) in
            if let report = process.backtrace.finished(outcome) { publish(report, of: process.actor) }
        }
        switch record.copy {
        case .failure(let error): finish(.missing("the process could not be copied: \(error)"))
        case .success(let copy):
            process.backtrace.begun()
            let mayBegin = backtraces.count < BacktraceReader.maximumAtOnce
            let limit = mayBegin ? options.backtraceLimit : nil
            backtraces[copy.processID] = BacktraceReader(copy, loop: loop, limit: limit, onEnd: finish)
        }
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
