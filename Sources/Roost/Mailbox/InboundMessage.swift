internal import RoostWire

/// A message that has arrived: what to call, with which bytes, and where the answer goes.
///
/// A class, because it is handed on many times: copying its parts each time costs more than the object.
final class InboundMessage: Sendable {
    let target: InboundTarget
    let sections: MessageSections
    let arguments: Payload
    /// The actor within this process; 0 is the one it was spawned for.
    let receiver: UInt32
    let origin: Origin

    /// Where a message came from.
    enum Origin: Sendable {
        case call(DataConnection, UInt32)
        case tell(DataConnection)
        case localCall(PendingCall)
        case localTell(Route)
    }

    init(
        target: InboundTarget, sections: MessageSections, arguments: Payload, receiver: UInt32, origin: Origin
    ) {
        self.target = target
        self.sections = sections
        self.arguments = arguments
        self.receiver = receiver
        self.origin = origin
    }

    /// What it counted for in the sender's window.
    var size: Int { arguments.count + FrameHeader.size }

    /// The actor that sent it, as far as the message says.
    var senderActor: ActorKey? { sections.sender ?? sections.path.last }

    /// The process it came from; nil for the receiver's own.
    var senderProcess: UInt64? {
        switch origin {
        case .call(let connection, _), .tell(let connection): connection.process
        case .localCall, .localTell: nil
        }
    }

    /// Where the message is delivered at least once.
    var sequence: MessageSequence? {
        guard let number = sections.sequence, let connection else { return nil }
        return MessageSequence(sender: connection.process, number: number)
    }

    /// The connection it came on; nil when it comes from this process.
    var connection: DataConnection? {
        switch origin {
        case .call(let connection, _), .tell(let connection): connection
        case .localCall, .localTell: nil
        }
    }

    /// Whether it is its sender's to give it to the next incarnation when this one has not served it.
    var isKeptBySender: Bool { sections.sequence != nil && receiver == 0 && connection != nil }

    var isCall: Bool {
        switch origin {
        case .call, .localCall: true
        case .tell, .localTell: false
        }
    }

    /// Has the sender know that it is being served, before it is.
    func tellBegun() {
        guard isKeptBySender, let sequence = sections.sequence else { return }
        connection?.began(sequence)
    }

    /// What a call is called at both of its ends; nil for one that no actor waits for in this very process.
    func callName(at process: UInt64) -> CallName? {
        switch origin {
        case .call(let connection, let number):
            CallName(caller: connection.process, callee: process, number: UInt64(number))
        case .localCall(let call):
            call.wait.map { CallName(caller: process, callee: process, number: $0.number) }
        case .tell, .localTell: nil
        }
    }

    /// Tells a call from every other under way in this process.
    var callIdentity: CallIdentity? {
        switch origin {
        case .call(let connection, let number):
            CallIdentity(origin: ObjectIdentifier(connection), number: number)
        case .localCall(let call): CallIdentity(origin: ObjectIdentifier(call), number: 0)
        case .tell, .localTell: nil
        }
    }
}

/// A call under way: where it came from, and its number there.
struct CallIdentity: Hashable, Sendable {
    let origin: ObjectIdentifier
    let number: UInt32
}
