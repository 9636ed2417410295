internal import RoostPlatform
internal import RoostWire

/// Messages that come to nothing here.
extension ActorHost {
    /// The caller gave up before the message was served, and has its outcome.
    func dropped(_ message: InboundMessage, by actor: String) {
        if let deadline = message.sections.deadline, isPast(deadline) { return expired(message, by: actor) }
        drop(message, by: actor, .cancelled, "the caller gave up before it was served")
    }

    private func drop(
        _ message: InboundMessage, by actor: String, _ reason: DeadLetter.Reason, _ detail: String
    ) {
        deadLetter(
            to: actor, target: message.target.description, reason, detail, from: message.senderDescription)
        if !message.isCall { Responder(message: message, actor: actor, host: self).settleTell() }
    }

    /// Too late to be served: its caller has its outcome already.
    func expired(_ message: InboundMessage, by actor: String) {
        drop(message, by: actor, .expired, "its deadline had passed before it was served")
    }

    /// A message came to nothing, and its sender is not told otherwise: the node counts and tells it.
    func deadLetter(
        to receiver: String, target: String, _ reason: DeadLetter.Reason, _ detail: String,
        from sender: String = "", count: Int = 1
    ) {
        let record = DeadLetterRecord(
            sender: sender.isEmpty ? "process \(process)" : sender, receiver: receiver, target: target,
            reason: reason.description, detail: detail, count: UInt32(clamping: count))
        loop.perform { [self] in link.report(record) }
    }

    /// An answer came to a call that had been given up: it disturbs nothing, and is counted.
    func lateReply(from sender: String) {
        deadLetter(
            to: "process \(process)", target: "", .lateReply, "its caller had given up", from: sender)
    }
}
