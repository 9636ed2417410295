internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// What becomes of the messages when the actor's process ends, and when it is replaced.
extension Route {
    /// The actor is between two incarnations, and its messages are not to wait.
    func restarting(_ reason: ExitReason) {
        let (failed, settled, keeper) = state.withLock { state in
            state.place = .unresolved
            defer {
                state.queue = []
                state.settled = []
                state.redelivery?.removeAll()
            }
            return (state.queue, state.settled, state.keeper.take())
        }
        defer { withExtendedLifetime(keeper) {} }
        fail(
            failed, .notDelivered, .restarting, reason,
            "it is being restarted, and messages to it do not wait")
        changeGate { $0.lost() }
        for action in settled { action() }
    }

    /// The actor is gone for good.
    func terminated(_ reason: ExitReason) {
        let (failed, waiters, settled, keeper) = state.withLock { state in
            state.place = .terminated(reason)
            let waiters = state.gate.opened()
            // It refers to this route: the two would keep each other.
            state.twin = nil
            defer {
                state.queue = []
                state.settled = []
                state.redelivery?.removeAll()
            }
            return (state.queue, waiters, state.settled, state.keeper.take())
        }
        defer { withExtendedLifetime(keeper) {} }
        fail(failed, .terminated, .terminated, reason)
        // What they send fails in the same way.
        for waiter in waiters { waiter.resume(.admitted) }
        for action in settled { action() }
    }

    /// The connection ended; `unsent` was never written whole and goes to the next incarnation.
    func connectionEnded(from process: UInt64, unsent: [OutgoingMessage]) {
        let ending = state.withLock { state -> Ending? in
            switch state.place {
            case .connected: break
            // Made for what the last reference to the actor left unsent.
            case .unresolved where !unsent.isEmpty: break
            case .unresolved, .resolving, .local, .terminated: return nil
            }
            return end(&state, unsent: unsent)
        }
        guard let ending else { return }
        if ending.lost > 0 {
            // Acknowledgements come in batches, so that the last of those served may be among these.
            host.lost(ending.lost, to: name)
        }
        if !ending.poison.isEmpty {
            host.link.exitReason(of: process) { [self] reason in
                fail(
                    ending.poison, .interrupted, .poison, reason,
                    "the last of \(ending.attempts) incarnations died while serving it")
            }
        }
        changeGate { $0.lost(keeping: ending.kept) }
        host.resolve(self, lost: process)
        withExtendedLifetime(ending.keeper) {}
    }

    /// What the end of a connection leads to.
    private struct Ending {
        /// So many one-way messages may have been lost.
        var lost: Int
        var poison: [OutgoingMessage]
        var attempts: Int
        /// The sizes of what is given to the next incarnation.
        var kept: [Int]
        var keeper: Route?
    }

    private func end(_ state: inout State, unsent: [OutgoingMessage]) -> Ending {
        // Those that are kept here are in order here.
        let others = unsent.filter { $0.sections.sequence == nil }
        let lost = state.unacknowledged - others.count { $0.call == nil }
        let loss = state.redelivery?.lost(unwritten: Set(unsent.compactMap(\.sections.sequence)))
        let again = (loss?.again ?? []).map { message, isRedelivered in
            var message = message
            message.sections.isRedelivered = isRedelivered
            message.call?.moved(to: nil)
            return message
        }
        state.unacknowledged = 0
        state.place = .resolving
        state.queue = again + others + state.queue.filter { $0.sections.sequence == nil }
        return Ending(
            lost: lost, poison: loss?.poison ?? [], attempts: state.redelivery?.attempts ?? 0,
            kept: state.queue.filter { $0.takesRoom(at: key) }.map(\.size),
            keeper: state.redelivery?.isEmpty == false ? nil : state.keeper.take())
    }

    func fail(
        _ messages: [OutgoingMessage], _ code: RemoteCallError.Code, _ reason: DeadLetter.Reason,
        _ exit: ExitReason,
        _ text: String = ""
    ) {
        for message in messages {
            if let call = message.call {
                // One that has been given to an incarnation may have been served.
                let code: RemoteCallError.Code = message.sections.isRedelivered ? .interrupted : code
                call.finish(.failed(code, exit, text))
            } else {
                host.deadLetter(
                    message, to: name, reason,
                    text.isEmpty ? "the actor \(exit)" : "the actor \(exit): \(text)")
            }
        }
    }
}
