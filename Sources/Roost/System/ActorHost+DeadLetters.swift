internal import Distributed
internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// Messages that come to nothing here.
extension ActorHost {
    /// The caller gave up before the message was served, and has its outcome.
    func dropped(_ message: InboundMessage, by actor: String) {
        if let deadline = message.sections.deadline, isPast(deadline) { return expired(message, by: actor) }
        drop(message, by: actor, .cancelled, "the caller gave up before it was served")
    }

    /// Too late to be served: its caller has its outcome already.
    func expired(_ message: InboundMessage, by actor: String) {
        drop(message, by: actor, .expired, "its deadline had passed before it was served")
    }

    private func drop(
        _ message: InboundMessage, by actor: String, _ reason: DeadLetter.Reason, _ detail: String
    ) {
        deadLetter(message, to: actor, reason, detail)
        if !message.isCall { Responder(message: message, actor: actor, host: self).settleTell() }
    }

    /// A message that had arrived came to nothing.
    func deadLetter(
        _ message: InboundMessage, to actor: String, _ reason: DeadLetter.Reason, _ detail: String
    ) {
        report(
            DeadLetterRecord(
                process: message.senderProcess ?? process, actor: message.senderActor, receiver: actor,
                target: message.target.description, reason: reason.description, detail: detail))
    }

    /// A message came to nothing before it left.
    func deadLetter(
        _ message: OutgoingMessage, to actor: String, _ reason: DeadLetter.Reason, _ detail: String
    ) {
        report(
            DeadLetterRecord(
                process: process, actor: message.sections.sender, receiver: actor,
                target: RemoteCallTarget(targetNames.name(of: message.target)).description,
                reason: reason.description, detail: detail))
    }

    /// One-way messages were under way to an incarnation that died.
    func lost(_ count: Int, to actor: String) {
        report(
            DeadLetterRecord(
                process: process, actor: nil, receiver: actor, target: "",
                reason: DeadLetter.Reason.lost.description,
                detail: "up to \(count) had been sent to the incarnation that died, and are not sent again",
                count: UInt64(count)))
    }

    /// Elements of a mailbox came to nothing.
    func lostElements(_ count: Int, of mailbox: String, _ reason: DeadLetter.Reason, _ detail: String) {
        report(
            DeadLetterRecord(
                process: process, actor: nil, receiver: mailbox, target: "", reason: reason.description,
                detail: detail, count: UInt64(count)))
    }

    /// An answer came to a call that had been given up: it disturbs nothing, and is counted.
    func lateReply(from sender: UInt64) {
        report(
            DeadLetterRecord(
                process: sender, actor: nil, receiver: local(0)?.name ?? "the node", target: "",
                reason: DeadLetter.Reason.lateReply.description, detail: "its caller had given up"))
    }

    // MARK: Telling the node, which counts them

    private func report(_ letter: DeadLetterRecord) {
        guard case .tell(let beginsInterval) = deadLetters.withLock({ $0.lost(letter) }) else { return }
        loop.perform { [self] in
            link.report(letter)
            if beginsInterval { beginDeadLetterInterval() }
        }
    }

    private func beginDeadLetterInterval() {
        let end = Monotonic.now.advanced(by: DeadLetterThrottle.interval)
        loop.schedule(.closure { [weak self] in self?.deadLetterIntervalEnded() }, at: end)
    }

    private func deadLetterIntervalEnded() {
        let canTell = link.canReport
        let (letters, beginsAnother) = deadLetters.withLock { $0.intervalEnded(canTell: canTell) }
        for letter in letters { link.report(letter) }
        if beginsAnother { beginDeadLetterInterval() }
    }

    /// Tells at once what would be told a little later; on the loop.
    func tellGatheredDeadLetters() {
        for letter in deadLetters.withLock({ $0.takeGathered() }) { link.report(letter) }
    }
}
