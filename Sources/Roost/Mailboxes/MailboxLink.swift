internal import RoostWire

/// Who opened a mailbox, as its receiver is told.
struct SenderName: Sendable {
    var actor: ActorKey?
    var name: String
}

/// The way from a sending end to its mailbox.
enum MailboxLink {
    case remote(DataConnection)
    case local(ReceivingEnd)

    /// Sends an order, with elements after it; false when the connection has ended.
    func send(
        _ order: ToMailbox, from sender: SendingEnd, with elements: ByteWriter? = nil, isUrgent: Bool
    ) -> Bool {
        switch self {
        case .remote(let connection):
            let attachments = elements?.attachments ?? []
            let header = FrameHeader(
                kind: .toMailbox, flags: order.kind.rawValue, target: UInt16(attachments.count),
                receiver: UInt32(truncatingIfNeeded: sender.receiver.number), call: sender.number)
            return connection.send(header, size: elements?.count ?? 0, attachments, isUrgent: isUrgent) {
                writer in
                order.write(to: writer)
                if let elements { unsafe writer.append(elements.bytes) }
            }
        case .local(let end):
            let payload = elements.map { Payload(copying: $0) } ?? .empty
            let key = SenderKey(process: sender.host.process, number: sender.number)
            do {
                try end.handle(order, payload, from: key, over: .local(sender.host))
            } catch {
                preconditionFailure("a sender of this process broke the rules: \(error)")
            }
            return true
        }
    }
}
