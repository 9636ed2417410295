internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// A sender of a mailbox: its process, and its number there.
struct SenderKey: Hashable, Sendable {
    let process: UInt64
    let number: UInt32
}

/// What a mailbox knows about one of its senders.
final class Peer: @unchecked Sendable {
    // @unchecked: guarded by the lock of its mailbox's end.

    /// The way back to it.
    enum Link {
        case remote(DataConnection)
        case local(ActorHost)
    }

    let key: SenderKey
    let link: Link
    let actor: ActorKey?
    let name: String
    /// How many elements have come from it, ever.
    var received = 0
    /// How many of them have not been taken out, or not been accounted for.
    var untaken = 0
    /// What has come and not been given back: what it may not have more of than it was granted.
    var outstanding = CreditShare.none
    var returns: CreditReturn
    var window: CreditShare
    /// It sent something that is no element: nothing of it is taken any more.
    var isSpoiled = false

    init(_ key: SenderKey, over link: Link, actor: ActorKey?, name: String, first: CreditShare) {
        self.key = key
        self.link = link
        self.actor = actor
        self.name = name
        window = first
        returns = CreditReturn(first)
    }

    /// How much the reader takes out before it accounts for it.
    var returnStride: CreditShare {
        CreditShare(messages: max(1, window.messages / 4), bytes: max(1, window.bytes / 4))
    }
}

/// What senders say, and what they are told.
extension ReceivingEnd {
    /// Takes what a sender says; what no honest process sends throws.
    func handle(
        _ order: ToMailbox, _ payload: Payload, from key: SenderKey, over link: Peer.Link
    ) throws(WireError) {
        let violation = state.withLock { state in
            switch order {
            case .open(let actor, let name): return opening(key, link, actor, name, &state)
            case .elements(let count): return arrived(count, payload, from: key, &state)
            case .needCredit: wants(key, &state)
            case .limited(let count, let givesBack): return confirmed(key, count, givesBack, &state)
            case .askReceipt(let number): tell(key, over: link, .receipt(number))
            case .finish: leaving(key, &state)
            }
            return nil
        }
        if let violation { throw violation }
    }

    private func opening(
        _ key: SenderKey, _ link: Peer.Link, _ actor: ActorKey?, _ name: String, _ state: inout State
    ) -> WireError? {
        switch state.membership.opening(key) {
        case .admit: admit(Peer(key, over: link, actor: actor, name: name, first: state.pool.first), &state)
        case .wait:
            state.peers[key] = Peer(key, over: link, actor: actor, name: name, first: state.pool.first)
        case .refuse(.sealed): tell(key, over: link, .closed(.sealed, detail: ""))
        case .refuse(.full): tell(key, over: link, .closed(.full, detail: ""))
        case .refuse(.closed): tell(key, over: link, .closed(.ended, detail: ""))
        case .refuse(.repeated): return WireError(.malformed, "a sender opened a mailbox twice")
        }
        return nil
    }

    private func admit(_ peer: Peer, _ state: inout State) {
        state.peers[peer.key] = peer
        tell(peer, .opened(messages: state.pool.first.messages, bytes: state.pool.first.bytes))
    }

    private func arrived(
        _ count: Int, _ payload: Payload, from key: SenderKey, _ state: inout State
    ) -> WireError? {
        guard state.membership.open.contains(key), let peer = state.peers[key] else {
            // One that was closed may have sent this before it was told; nobody else may.
            return state.peers[key] == nil
                ? nil : WireError(.malformed, "elements of a sender that is not open")
        }
        peer.outstanding = peer.outstanding + CreditShare(messages: count, bytes: payload.count)
        if let violation = excess(of: peer, state) { return violation }
        peer.received += count
        peer.untaken += count
        state.batches.append(Batch(peer: peer, payload: payload.kept(), count: count))
        wake(&state)
        if host.loop.isCurrent { host.loop.expectInput() }
        return nil
    }

    private func excess(of peer: Peer, _ state: State) -> WireError? {
        let allowance = state.pool.allowance(of: peer.key)
        let has = peer.outstanding
        guard has.messages > 1, has.messages > allowance.messages || has.bytes > allowance.bytes else {
            return nil
        }
        return WireError(.tooLarge, "a sender has more in a mailbox than it was granted")
    }

    private func wants(_ key: SenderKey, _ state: inout State) {
        guard state.membership.open.contains(key), let peer = state.peers[key] else { return }
        if let batch = peer.returns.senderWaits() { giveBack(batch, to: peer) }
        tell(state.pool.wants(key), &state)
    }

    private func confirmed(
        _ key: SenderKey, _ count: Int, _ givesBack: Bool, _ state: inout State
    ) -> WireError? {
        guard let peer = state.peers[key] else { return nil }
        let changes = state.pool.confirmed(key, count: count, givesBack: givesBack)
        if let violation = excess(of: peer, state) { return violation }
        tell(changes, &state)
        return nil
    }

    private func leaving(_ key: SenderKey, _ state: inout State) {
        guard let peer = state.peers[key] else { return }
        switch state.membership.leaving(key, leavesElements: peer.untaken > 0) {
        case .ignored: return
        case .withdrawn: state.peers[key] = nil
        case .left: shrink(peer, &state)
        }
        wakeIfEnded(&state)
    }

    // It holds no more room than what it has left here takes.
    private func shrink(_ peer: Peer, _ state: inout State) {
        if peer.untaken == 0 { return forget(peer, &state) }
        tell(state.pool.leaving(peer.key, holding: peer.outstanding), &state)
    }

    // MARK: Room

    /// Elements of a sender have been taken out: their room goes back.
    func taken(_ count: Int, size: Int, from peer: Peer, _ state: inout State) {
        if !state.membership.open.contains(peer.key) {
            if peer.untaken == 0 { forget(peer, &state) }
        } else if let batch = peer.returns.finished(size, messages: count) {
            giveBack(batch, to: peer)
        }
    }

    private func giveBack(_ batch: (messages: Int, bytes: Int), to peer: Peer) {
        peer.outstanding = peer.outstanding - CreditShare(messages: batch.messages, bytes: batch.bytes)
        tell(peer, .credit(messages: batch.messages, bytes: batch.bytes))
    }

    /// Nothing of a sender that has left is here any more: others may have its share, or its place.
    func forget(_ peer: Peer, _ state: inout State) {
        state.peers[peer.key] = nil
        tell(state.pool.left(peer.key), &state)
        for key in state.membership.drained(peer.key) {
            if let admitted = state.peers[key] { admit(admitted, &state) }
        }
    }

    private func tell(_ changes: [CreditPool<SenderKey>.Change], _ state: inout State) {
        for change in changes {
            guard let peer = state.peers[change.sender] else { continue }
            peer.window = change.limit
            peer.returns.changeWindow(to: change.limit)
            tell(
                peer,
                .limit(
                    messages: change.limit.messages, bytes: change.limit.bytes, isLowered: change.isLowered))
        }
    }

    // MARK: Telling

    func tell(_ peer: Peer, _ word: ToSender) {
        tell(peer.key, over: peer.link, word)
    }

    // Under the lock, so that a sender is told of the last change last.
    private func tell(_ key: SenderKey, over link: Peer.Link, _ word: ToSender) {
        switch link {
        case .remote(let connection):
            let header = FrameHeader(
                kind: .toSender, flags: word.kind.rawValue, receiver: number, call: key.number)
            // At once: a reader that does not suspend would have a sender wait that could go on.
            _ = connection.send(header, isUrgent: true) { word.write(to: $0) }
        case .local(let host):
            host.loop.perform { host.mailboxes.sending(key.number, to: key.process)?.handle(word) }
        }
    }

    // MARK: Ends

    /// No new senders.
    func seal() {
        state.withLock { state in
            for key in state.membership.seal() {
                guard let peer = state.peers.removeValue(forKey: key) else { continue }
                tell(peer, .closed(.sealed, detail: ""))
            }
            wakeIfEnded(&state)
        }
    }

    /// A process has ended: its senders that had not finished are lost; on the loop.
    func processLost(_ process: UInt64) {
        let lost = state.withLock { state in
            let gone = state.peers.values.filter { $0.key.process == process }
            var lost: [Peer] = []
            for peer in gone {
                switch state.membership.leaving(peer.key, leavesElements: peer.untaken > 0) {
                case .ignored: continue
                case .withdrawn: state.peers[peer.key] = nil
                case .left:
                    lost.append(peer)
                    shrink(peer, &state)
                }
            }
            state.unreported += lost.count
            wakeIfEnded(&state)
            return lost.map { ($0, received: $0.received) }
        }
        if lost.isEmpty { return }
        host.exitReason(of: process, within: .seconds(1)) { [self] reason in
            for (peer, received) in lost { report(peer, received: received, discarded: 0, .ended(reason)) }
            state.withLock { state in
                state.unreported -= lost.count
                wakeIfEnded(&state)
            }
        }
    }

    func report(_ peer: Peer, received: Int, discarded: Int, _ cause: SenderLoss.Cause) {
        let sender = peer.actor.map { key in
            let address = ActorAddress(system: host.systemNumber, key: key, name: peer.name)
            address.bind(host.route(to: key, name: peer.name))
            return ActorID(address)
        }
        lossReports.yield(
            SenderLoss(
                sender: sender, senderName: peer.name, received: received, discarded: discarded, cause: cause)
        )
    }

    /// Nobody takes elements out any more.
    func close() {
        host.mailboxes.remove(self)
        let left = state.withLock { state in
            let left = state.peers.values.reduce(0) { $0 + $1.untaken }
            for key in state.membership.close() {
                if let peer = state.peers[key] { tell(peer, .closed(.ended, detail: "")) }
            }
            state.peers = [:]
            state.batches = RingBuffer()
            return left
        }
        lossReports.finish()
        if left > 0 {
            host.lostElements(left, of: name, .terminated, "they were in the mailbox when it was given up")
        }
    }

    /// Whether nothing is left of any sender.
    var isDrained: Bool { state.withLock { $0.peers.isEmpty && $0.batches.isEmpty } }

    /// The system has ended.
    func shutDown() {
        state.withLock { state in
            if !state.membership.hasEnded {
                state.failure = RemoteCallError(
                    .terminated, actor: name, target: "next", exitReason: .shutdown,
                    message: "the system has been stopped")
            }
            wake(&state)
        }
        lossReports.finish()
    }
}

extension Payload {
    /// The same bytes, to be kept for long: in a chunk of their own, unless they are most of theirs.
    func kept() -> Payload {
        if count * 2 >= chunk.capacity { return self }
        return Payload(
            chunk: unsafe Chunk(copying: chunk.bytes(range)), range: 0..<count, attachments: attachments)
    }
}
