internal import RoostPlatform
internal import RoostWire

/// What workers, and the node itself, ask: where an actor is, who has a name, when somebody ends.
extension Node {
    func handle(_ message: WorkerMessage, from process: WorkerProcess) {
        switch message {
        case .ready: becameReady(process)
        case .ignored: process.isIgnored = true
        case .startFailed(let failure): process.startFailure = failure.cut
        case .ending(let failure): process.announced = failure.map { .failed(RemoteError($0.cut)) } ?? .normal
        case .resolve(let request, let key, let lost):
            guard mayAsk(process) else { return }
            resolve(key, for: process.number, lost: lost) { [weak process] in
                process?.questions.answered()
                process?.control?.send(.resolved(request: request, $0))
            }
        case .find(let request, let name):
            let actor = names[name].flatMap { actors[$0] }
            let found = actor.map { FoundActor(key: .spawned($0.number), mangledType: $0.mangledType) }
            process.control?.send(.found(request: request, found))
        case .watch(let request, let key):
            let watch = WorkerProcess.WatchKey(process: process.number, request: request)
            // A number that is in use already means this one from now on.
            if process.watches.contains(request) {
                process.questions.answered()
                removeWatcher(watch)
            }
            guard mayAsk(process) else { return }
            addWatcher(watch, key) { [weak process] target, reason in
                process?.questions.answered()
                process?.control?.send(.terminated(request: request, process: target, reason: reason.record))
            }
        case .unwatch(let request):
            guard process.watches.contains(request) else { return }
            process.questions.answered()
            removeWatcher(WorkerProcess.WatchKey(process: process.number, request: request))
        case .follow(let request, let name):
            unfollow(request, of: process)
            guard mayAsk(process, bytes: name.utf8.count) else { return }
            follow(name, for: process, as: request)
        case .followGroup(let request, let bytes):
            unfollow(request, of: process)
            guard mayAsk(process, bytes: bytes.count) else { return }
            followGroup(bytes, for: process, as: request)
        case .unfollow(let request): unfollow(request, of: process)
        case .reason(let request, let target):
            guard mayAsk(process) else { return }
            exitReason(of: target) { [weak process] in
                process?.questions.answered()
                process?.control?.send(.reason(request: request, $0.record))
            }
        case .ask(let request, let bytes): answer(bytes, request, from: process)
        case .violation(let target, let detail): violation(by: target, detail)
        case .deadLetter(let letter): report(letter)
        case .gone(let actor):
            let key = ActorKey(owner: process.number, number: UInt64(actor))
            endMemberships(of: key, .normal, in: 0)
        case .measured(let request, let figures): measured(process, request, figures)
        case .alive: process.watchdog?.answered()
        case .progress: process.watchdog?.progressed(at: .now)
        case .waits(let bytes): tookWaits(bytes, from: process)
        }
    }

    private func mayAsk(_ process: WorkerProcess, bytes: Int = 0) -> Bool {
        if process.questions.asked(bytes: bytes) { return true }
        violation(by: process.number, "it asks too much at once")
        return false
    }

    private func unfollow(_ request: UInt32, of process: WorkerProcess) {
        process.following.removeValue(forKey: request)?()
    }

    private func answer(_ bytes: [UInt8], _ number: UInt32, from process: WorkerProcess) {
        do {
            let request = try WireCoding.value(NodeRequest.self, of: bytes)
            guard mayAsk(process) else { return }
            answer(request, for: process) { [weak process] answer in
                process?.questions.answered()
                process?.control?.send(.answered(request: number, answer.bytes))
            }
        } catch {
            violation(by: process.number, "a request cannot be decoded: \(error)")
        }
    }

    func resolve(_ key: ActorKey, lost: UInt64?, _ answer: @escaping @Sendable (Resolution) -> Void) {
        resolve(key, for: Self.processNumber, lost: lost, answer)
    }

    /// Answers when the actor can be reached, with a socket between the two processes, or never will be.
    func resolve(
        _ key: ActorKey, for requester: UInt64, lost: UInt64?,
        _ answer: @escaping @Sendable (Resolution) -> Void
    ) {
        guard key.isSpawned else { return resolveLocal(key, for: requester, lost: lost, answer) }
        guard let actor = actors[key.number] else {
            return answer(.terminated(reasonOfActor(key.number).record))
        }
        guard let process = actor.process, process.number != lost, process.crash == nil,
            actor.life.takesConnections
        else {
            let isRestarting = actor.life.phase == .waiting || actor.life.phase == .starting
            if isRestarting, actor.options.whileRestarting == .failFast, let last = actor.lastReason {
                return answer(.restarting(last.record))
            }
            actor.resolveWaiters.append((requester, lost, answer))
            return
        }
        connect(requester, process.number)
        answer(.process(process.number, attempts: UInt32(clamping: actor.delivery.attempts)))
    }

    private func resolveLocal(
        _ key: ActorKey, for requester: UInt64, lost: UInt64?,
        _ answer: @escaping @Sendable (Resolution) -> Void
    ) {
        let isThere = key.owner == Self.processNumber || processes[key.owner] != nil
        guard isThere, key.owner != lost else {
            return exitReason(of: key.owner) { answer(.terminated($0.record)) }
        }
        connect(requester, key.owner)
        answer(.process(key.owner, attempts: 0))
    }

    /// Makes sure that the two processes have a socket to each other.
    private func connect(_ a: UInt64, _ b: UInt64) {
        guard a != b, !isConnected(a, b) else { return }
        do {
            let (first, second) = try Sockets.pair(.stream).ends()
            note(a, b)
            hand(Descriptor(owning: first), to: a, peer: b)
            hand(Descriptor(owning: second), to: b, peer: a)
        } catch {
            // No descriptors are left: the asker finds no connection, and asks again.
            CurrentProcess.printError("roost: no socket between processes \(a) and \(b): \(error)")
        }
    }

    private func isConnected(_ a: UInt64, _ b: UInt64) -> Bool {
        processes[a]?.peers.contains(b) ?? processes[b]?.peers.contains(a) ?? false
    }

    private func note(_ a: UInt64, _ b: UInt64) {
        processes[a]?.peers.insert(b)
        processes[b]?.peers.insert(a)
    }

    private func hand(_ socket: consuming Descriptor, to process: UInt64, peer: UInt64) {
        if process == Self.processNumber {
            host?.adopt(socket, to: peer)
        } else {
            processes[process]?.control?.send(.peer(process: peer), descriptor: socket.release())
        }
    }

    func violation(by process: UInt64, _ detail: String) {
        guard let offender = processes[process] else { return }
        deadLetters.add(1, .protocolViolation)
        publish(
            .deadLetter(
                DeadLetter(
                    sender: offender.actor.name, receiver: "", target: "", reason: .protocolViolation,
                    detail: detail.cut())),
            offender.actor, processID: offender.pid)
        // What it sent decides, also when it has ended since.
        if offender.killer == nil { offender.killer = .protocolViolation }
        kill(offender, .protocolViolation)
    }
}

extension RemoteFailure {
    /// What is kept of it: people read it, and nobody rebuilds it here.
    fileprivate var cut: RemoteFailure {
        RemoteFailure(typeName: typeName.cut(), description: description.cut(to: 64 << 10))
    }
}
