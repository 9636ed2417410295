internal import Distributed
internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// Serving messages that share the actor: each in a task of its own, begun one after another.
extension LocalActor {
    /// Begins a message; returns when it has suspended, or has ended.
    func begin(_ message: InboundMessage, on actor: (any DistributedActor)?) async {
        let call = message.callIdentity
        if let call { state.withLock { $0.apart[call] = .starting } }
        if isRecorded { note(message) }
        // Run here until it waits for the actor. So the messages come to the actor in their order, which
        // ordinary tasks, on several threads, would not.
        let task = Task.immediateDetached { await self.serveShared(message, on: actor) }
        if let call, isCancelled(call, in: task) { task.cancel() }
        // This comes to the actor behind the message.
        if let actor = actor as? any ProcessActor { await Self.reach(actor) }
    }

    /// Notes the task that serves the call, unless it has ended; says whether the call was cancelled before.
    private func isCancelled(_ call: CallIdentity, in task: Task<Void, Never>) -> Bool {
        state.withLock { state in
            switch state.apart[call] {
            case .cancelled:
                state.apart[call] = .running(task)
                return true
            case .starting: state.apart[call] = .running(task)
            case .running, nil: break
            }
            return false
        }
    }

    private func serveShared(_ message: InboundMessage, on actor: (any DistributedActor)?) async {
        await perform(message, on: actor, level: 1)
        let server = state.withLock { state -> ServerWake? in
            if let call = message.callIdentity { state.apart[call] = nil }
            if isRecorded { Self.forget(message, &state) }
            return state.mailbox.ended() ? Self.wake(&state) : nil
        }
        if let server { perform(server) }
    }

    // MARK: What is recorded for a crash: of those under way, the one begun last

    private func note(_ message: InboundMessage) {
        state.withLock { $0.records.append((ObjectIdentifier(message), CrashRecorder.now)) }
    }

    private static func forget(_ message: InboundMessage, _ state: inout State) {
        state.records.removeAll { $0.message == ObjectIdentifier(message) }
        if let last = state.records.last { CrashRecorder.again(last.record) } else { CrashRecorder.end() }
    }
}
