internal import RoostPlatform
internal import RoostWire

/// Starting, signalling and reaping the actors' processes.
extension Node {
    /// Starts a process for the actor's next incarnation, maybe once more after the fork was lost.
    func launch(_ actor: ActorRecord, insteadOf lost: WorkerProcess? = nil) {
        nextProcess += 1
        let process = WorkerProcess(
            number: nextProcess, actor: actor, incarnation: actor.life.incarnation,
            method: actor.options.method ?? options.spawnMethod,
            shutdown: actor.options.shutdown ?? options.shutdown)
        actor.process = process
        actor.known = KnownFigures(
            incarnation: process.incarnation, begun: process.begun, told: process.begun)
        processes[process.number] = process
        if let lost { takeOver(lost, by: process) }
        do {
            let (near, far) = try Sockets.pair(.stream).ends()
            try openControl(process, Descriptor(owning: near))
            process.control?.send(.start(order(for: actor, process)))
            let limit = actor.options.startLimit ?? options.startLimit
            setTimer(process, after: limit) { node, process in
                if actor.life.phase == .starting { node.kill(process, .startTimeout) }
            }
            try start(process, Descriptor(owning: far), isRetry: lost != nil)
        } catch {
            failedToLaunch(process, error)
        }
    }

    private func start(
        _ process: WorkerProcess, _ socket: consuming Descriptor, isRetry: Bool
    ) throws(SystemError) {
        switch process.method {
        case .zygote:
            let zygote = try readyZygote()
            let streams = try openOutput(of: process)
            zygote.fork(control: socket.release(), output: streams) { [unowned self] result in
                switch result {
                case .success(let pid): started(process, pid: pid)
                case .failure(.refused(let error)): failedToLaunch(process, error)
                case .failure(.lost): lost(process, isRetry: isRetry)
                }
            }
        case .exec:
            let streams = try openOutput(of: process)
            defer { for stream in streams { Descriptor(owning: stream).close() } }
            let pid = try ChildProcess.start(
                .worker, socket: socket.raw, crashes: crashes?.workersEnd ?? -1,
                output: streams.first ?? -1, errorOutput: streams.last ?? -1,
                backtraces: options.backtraceSettings)
            started(process, pid: pid)
        case .inProcess:
            try InProcessWorker.start(socket)
            publish(.spawned, process.actor, incarnation: process.incarnation)
        }
    }

    private func openOutput(of process: WorkerProcess) throws(SystemError) -> [Int32] {
        let (output, descriptors) = try self.output.open(for: process.actor.name)
        process.output = output
        return descriptors
    }

    private func order(for actor: ActorRecord, _ process: WorkerProcess) -> StartOrder {
        StartOrder(
            system: systemNumber, process: process.number,
            actor: actor.number, incarnation: UInt32(clamping: process.incarnation), name: actor.name,
            mangledType: actor.mangledType, arguments: actor.arguments,
            maximumMessage: UInt64(options.maximumMessageSize),
            mailboxMessages: UInt32(clamping: options.mailboxMessages),
            mailboxBytes: UInt64(options.mailboxBytes),
            limits: process.method == .inProcess ? nil : actor.options.limits.record,
            isWatched: process.method != .inProcess && actor.options.watchdog != nil)
    }

    private func openControl(_ process: WorkerProcess, _ socket: consuming Descriptor) throws(SystemError) {
        let control = WorkerProcess.Control(
            socket: socket, loop: loop, trust: .untrusted,
            onMessage: { [unowned self, unowned process] message, _ in handle(message, from: process) },
            onEnd: { [unowned self, unowned process] error in controlEnded(process, error) })
        try control.open()
        process.control = control
    }

    private func started(_ process: WorkerProcess, pid: Int32) {
        process.pid = pid
        processByID[pid] = process
        publish(.spawned, process.actor, incarnation: process.incarnation, processID: pid)
        watchMemory(of: process)
        do {
            process.handle = try ProcessHandle(pid, loop: loop) { [unowned self] in reap(pid) }
        } catch {
            // Without a handle its end shows in SIGCHLD alone.
        }
        // It may have been condemned before it had a number.
        if process.killer != nil { ChildProcess.signal(pid, 9) }
        if process.wasReadyEarly { becameReady(process) }
        if earlyEnds[pid] != nil { ended(pid, earlyEnds.removeValue(forKey: pid)) }
    }

    private func failedToLaunch(_ process: WorkerProcess, _ error: SystemError) {
        process.startFailure = RemoteFailure(typeName: "SystemError", description: "\(error)")
        finish(process, .failed(RemoteError(typeName: "SystemError", message: "\(error)")))
    }

    // The zygote died with the fork under way. The process, if there is one, sees its socket end.
    private func lost(_ process: WorkerProcess, isRetry: Bool) {
        if isRetry { return failedToLaunch(process, SystemError("the zygote died twice", 0)) }
        if let killer = process.killer { return finish(process, .killed(by: killer)) }
        if state == .stopping || process.actor.life.phase == .stopping {
            return finish(process, .shutdown)
        }
        discard(process)
        launch(process.actor, insteadOf: process)
    }

    // MARK: Ends

    /// A child of the loop's thread changed its state.
    func childChanged(_ pid: Int32, _ change: ChildProcess.Change) {
        switch change {
        case .ended(let status): ended(pid, status)
        case .stopped: processByID[pid].map(stopped)
        case .continued:
            if let timer = processByID[pid]?.stoppedTimer.take() { loop.cancel(timer) }
        }
    }

    private func stopped(_ process: WorkerProcess) {
        guard process.stoppedTimer == nil else { return }
        let deadline = Monotonic.now.advanced(by: options.stoppedGrace)
        process.stoppedTimer = loop.schedule(
            .closure { [unowned self, weak process] in
                if let process { kill(process, .stopped) }
            }, at: deadline)
    }

    private func reap(_ pid: Int32) {
        // The other way of hearing of it may have been first.
        guard let status = try? ChildProcess.reap(pid) else { return }
        ended(pid, status)
    }

    private func ended(_ pid: Int32, _ status: ChildProcess.Status?) {
        crashes?.drain()
        guard let process = processByID.removeValue(forKey: pid) else {
            if let reader = backtraces.removeValue(forKey: pid) {
                reader.copyEnded()
                finishIfStopped()
            } else if pid == zygote?.pid {
                if let done = zygoteWaiter.take() { done() } else { zygote?.processEnded() }
            } else if earlyEnds.count < 1_024 {
                // Faster than the zygote's answer, or one whose answer was lost.
                earlyEnds[pid] = status
            }
            return
        }
        process.control?.drain()
        finish(process, process.exitReason(status))
    }

    private func controlEnded(_ process: WorkerProcess, _ error: WireError?) {
        if let error {
            process.startFailure = RemoteFailure(typeName: "WireError", description: "\(error)")
            return violation(by: process.number, "\(error)")
        }
        guard process.method == .inProcess else {
            // It should end now; a process that only closed its socket is made to.
            setTimer(process, after: .seconds(1)) { node, process in node.kill(process, .protocolViolation) }
            return
        }
        finish(process, process.exitReason(nil))
    }

    /// Ends a process by force.
    func kill(_ process: WorkerProcess, _ killer: ExitReason.Killer) {
        guard process.reason == nil, condemn(process, killer) else { return }
        if let pid = process.pid {
            ChildProcess.signal(pid, 9)
        } else if process.method == .inProcess {
            finish(process, .killed(by: killer))
        }
    }

    /// Notes why a process is ended by force.
    ///
    /// - Returns: false when it has ended already, and that is not yet heard of: it has its own reason.
    func condemn(_ process: WorkerProcess, _ killer: ExitReason.Killer) -> Bool {
        if let pid = process.pid, ChildProcess.hasEnded(pid) { return false }
        if process.killer == nil { process.killer = killer }
        return true
    }

    func setTimer(
        _ process: WorkerProcess, after delay: Duration, _ action: @escaping (Node, WorkerProcess) -> Void
    ) {
        let timer = loop.schedule(
            .closure { [unowned self, weak process] in
                if let process, process.reason == nil { action(self, process) }
            }, at: Monotonic.now.advanced(by: delay))
        process.timers.append(timer)
    }

    private func discard(_ process: WorkerProcess) {
        processes[process.number] = nil
        waitGraph.ended(process.number)
        process.output?.finish()
        process.control?.close()
        process.handle?.close()
        for timer in process.timers { loop.cancel(timer) }
        if let timer = process.stoppedTimer.take() { loop.cancel(timer) }
        for unfollow in process.following.values { unfollow() }
        let figureWaiters = process.figureWaiters
        process.figureWaiters = []
        for waiter in figureWaiters { waiter.done() }
        for peer in process.peers { processes[peer]?.peers.remove(process.number) }
        endWatches(by: process)
    }

    /// The process is gone: everybody who waits for anything of it is told, in the order promised.
    private func finish(_ process: WorkerProcess, _ reason: ExitReason) {
        guard process.reason == nil else { return }
        process.reason = reason
        process.stopSequence.ended()
        remember(reason, of: process.number)
        discard(process)
        publish(.terminated(reason), process.actor, incarnation: process.incarnation, processID: process.pid)
        for waiter in process.reasonWaiters { waiter(reason) }
        let isPresent = process.actor.process === process
        if isPresent {
            process.actor.process = nil
            process.actor.lastProcess = process.number
            process.actor.lastReason = reason
        }
        stopWhatItStarted(process) { [self] in
            if isPresent { incarnationEnded(process, reason) }
            endMemberships(madeIn: process, reason)
            tellFollowers(of: process, .ended(reason))
            tellWatchers(process, reason)
            finishIfStopped()
        }
    }

    /// What an actor started ends, and frees its names, before the actor's successor starts.
    private func stopWhatItStarted(_ process: WorkerProcess, then proceed: @escaping () -> Void) {
        let actors = process.spawned.values.sorted { $0.number > $1.number }
        let roots = process.supervisors.values.sorted { $0.number > $1.number }
        var left = actors.count + roots.count
        if left == 0 { return proceed() }
        func done() {
            left -= 1
            if left == 0 { proceed() }
        }
        for actor in actors { stop(actor, done) }
        for root in roots {
            root.endWaiters.append { _ in done() }
            root.stop()
        }
    }

    private func tellWatchers(_ process: WorkerProcess, _ reason: ExitReason) {
        let killWaiters = process.actor.killWaiters
        process.actor.killWaiters = []
        let watchers = takeWatchers(of: process)
        whenTold(of: process.number) {
            for watcher in watchers { watcher(process.number, reason) }
            for waiter in killWaiters { waiter() }
        }
        // A grandchild may hold the socket open; the process itself has sent its last.
        let number = process.number
        loop.schedule(
            .closure { [weak self] in self?.host?.closeConnection(to: number) },
            at: Monotonic.now.advanced(by: .seconds(1)))
    }

    /// Calls `action` after everything that a dead process had sent here was taken in, and after what it had
    /// printed was written, unless nobody reads that.
    func whenTold(of process: UInt64, _ action: @escaping () -> Void) {
        host?.whenClosed(process) { [self] in output.whenWritten(action) }
    }
}
