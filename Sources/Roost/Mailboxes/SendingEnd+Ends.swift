internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// How sending ends when it is not the sender who ends it, and with what errors.
extension SendingEnd {
    // MARK: The end of the mailbox

    /// The connection to the mailbox's process has ended; on the loop.
    func connectionEnded() {
        let lost = locked { state in
            let lost = state.gate.window.messages
            state.bereaved = fail(&state, with: error(.terminated, reason: .unknown))
            return lost
        }
        if lost > 0 {
            host.lostElements(
                lost, of: name, .lost, "up to so many were in the mailbox whose process has ended")
        }
        // The end of the socket fixes the outcome; the reason is waited for, but not for long.
        host.exitReason(of: process, within: .milliseconds(5)) { [self] reason in
            let error = error(.terminated, reason: reason)
            locked { state in
                if case .failed = state.phase { state.phase = .failed(error) }
                for waiter in state.bereaved { waiter.resume(.failed(error)) }
                state.bereaved = []
            }
        }
    }

    /// The mailbox's process is gone, or this system is.
    func terminated(_ reason: ExitReason) {
        locked { state in
            let error = error(.terminated, reason: reason)
            for waiter in fail(&state, with: error) { waiter.resume(.failed(error)) }
        }
    }

    /// Returns those who wait.
    func fail(_ state: inout State, with error: RemoteCallError) -> [Waiter] {
        var waiters = state.receipts.map(\.waiter) + state.bereaved
        state.bereaved = []
        if let opener = state.opener.take() { waiters.append(opener) }
        state.receipts = []
        switch state.phase {
        case .failed: return waiters
        case .finished where waiters.isEmpty: return []
        case .opening, .open, .finished: break
        }
        state.phase = .failed(error)
        state.link = nil
        state.batch.removeAll(shrinkingAbove: 0)
        state.count = 0
        host.mailboxes.remove(self)
        return waiters + state.gate.opened()
    }

    // MARK: Errors

    func error(
        _ code: RemoteCallError.Code, reason: ExitReason? = nil, message: String = ""
    ) -> RemoteCallError {
        RemoteCallError(code, actor: name, target: "send", exitReason: reason, message: message)
    }

    func error(in phase: Phase) -> RemoteCallError {
        switch phase {
        case .failed(let error): error
        case .finished: error(.notDelivered, message: "this sender has finished")
        case .opening, .open: error(.notDelivered, message: "this sender is not open yet")
        }
    }

    func error(for reason: ToSender.Reason, _ detail: String) -> RemoteCallError {
        switch reason {
        case .ended: error(.terminated, message: "there is no such mailbox any more")
        case .sealed: error(.sealed, message: "the mailbox takes no new senders")
        case .full: error(.mailboxFull, message: "the mailbox has as many senders as it can have")
        case .undecodable: error(.undecodable, message: detail)
        }
    }
}
