internal import RoostWire
internal import Synchronization

/// Credit: what senders here ask for, what mailboxes here give back and grant.
extension DataConnection {
    /// Tells the receiver that a sender here waits for credit.
    func askForCredit(for receiver: UInt32) {
        locked { state in
            if state.isClosed { return }
            state.outgoing.append(FrameHeader(kind: .needCredit, receiver: receiver))
            appended(&state, mayWriteNow: true)
        }
    }

    /// Tells the mailbox over there that its lowered limits are kept to.
    func confirmLimits(of receiver: UInt32, count: Int, givesBack: Bool) {
        locked { state in
            if state.isClosed { return }
            state.outgoing.append(
                FrameHeader(
                    kind: .limited, flags: givesBack ? 1 : 0, receiver: receiver, call: UInt32(count)))
            appended(&state, mayWriteNow: true)
        }
    }

    /// A one-way message to `receiver` is done with: its credit goes back, in batches.
    func finishedTell(to receiver: UInt32, size: Int, _ sections: MessageSections) {
        let isThere = receiver == 0 || host.local(receiver) != nil
        locked { state in
            if state.isClosed { return }
            if receiver == 0, let sequence = sections.sequence {
                return acknowledge(sequence, size, atOnce: sections.isRedelivered, &state)
            }
            // Nothing is kept for actors that are not there: there are four thousand million numbers.
            guard isThere else {
                let kept = state.returns.removeValue(forKey: receiver)
                let batch = ((kept?.messages ?? 0) + 1, (kept?.bytes ?? 0) + size)
                return giveBack(batch, receiver, &state)
            }
            if let batch = changeReturn(for: receiver, &state, { $0.finished(size) }) {
                giveBack(batch, receiver, &state)
            }
        }
    }

    /// A sender over there waits for credit.
    func senderWaits(for receiver: UInt32) {
        let isThere = receiver == 0 || host.local(receiver) != nil
        locked { state in
            guard !state.isClosed, isThere || state.returns[receiver] != nil else { return }
            if let batch = changeReturn(for: receiver, &state, { $0.senderWaits() }) {
                giveBack(batch, receiver, &state)
            }
        }
        host.local(receiver)?.senderWaits(self)
    }

    private func changeReturn<Result>(
        for receiver: UInt32, _ state: inout State, _ change: (inout CreditReturn) -> Result
    ) -> Result {
        receiver == 0
            ? change(&state.spawnedReturn)
            : change(&state.returns[receiver, default: host.limits.newCreditReturn()])
    }

    private func giveBack(_ batch: (messages: Int, bytes: Int), _ receiver: UInt32, _ state: inout State) {
        let header = FrameHeader(kind: .credit, receiver: receiver, call: UInt32(batch.messages))
        let start = state.outgoing.begin(header)
        state.outgoing.gathered.appendFixed(UInt64(batch.bytes))
        state.outgoing.end(start)
        appended(&state, mayWriteNow: false)
    }

    /// A mailbox over there has changed its limit.
    func limitChanged(
        _ header: FrameHeader, bytes: UInt64, _ routes: [UInt32: RouteReference]
    ) {
        let limit = CreditShare(messages: Int(header.call), bytes: Int(clamping: bytes))
        let isLowered = header.flags != 0
        if let route = routes[header.receiver]?.route {
            route.limited(to: limit, isLowered: isLowered)
        } else if isLowered {
            // Nobody here refers to the actor any more.
            confirmLimits(of: header.receiver, count: 1, givesBack: true)
        }
    }
}

extension DataConnection: CreditTaker {
    func changeLimit(_ limit: CreditShare, of receiver: UInt32, isLowered: Bool) {
        locked { state in
            if state.isClosed { return }
            changeReturn(for: receiver, &state) { $0.changeWindow(to: limit) }
            let start = state.outgoing.begin(
                FrameHeader(
                    kind: .limit, flags: isLowered ? 1 : 0, receiver: receiver,
                    call: UInt32(clamping: limit.messages)))
            state.outgoing.gathered.appendFixed(UInt64(limit.bytes))
            state.outgoing.end(start)
            appended(&state, mayWriteNow: false)
        }
    }
}
