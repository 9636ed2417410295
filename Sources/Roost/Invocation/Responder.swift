internal import RoostWire

/// Sends what a method came to where its message came from.
struct Responder: Sendable {
    let message: InboundMessage
    let actor: String
    let host: ActorHost

    func returned(_ encode: (ByteWriter, ActorHost) throws -> Void) {
        guard message.isCall else { return settleTell() }
        let writer = host.takeWriter()
        defer { host.giveBack(writer) }
        do {
            try encode(writer, host)
        } catch {
            refused(.unencodable, "the result cannot be encoded: \(error)")
            return
        }
        if writer.count > host.limits.maximumMessage {
            refused(
                .tooLarge,
                "the result takes \(writer.count) bytes, and \(host.limits.maximumMessage) are allowed")
            return
        }
        reply(.value, writer)
    }

    func returnedVoid() {
        guard message.isCall else { return settleTell() }
        reply(.void, nil)
    }

    /// The method threw: the caller gets the error, typed if it can be; a one-way message is a dead letter.
    func threw(_ error: any Error) {
        if let undecodable = error as? UndecodableArgument {
            return refused(.undecodable, undecodable.description)
        }
        guard message.isCall else {
            host.deadLetter(message, to: actor, .threw, "it threw \(error)")
            return settleTell()
        }
        let writer = host.takeWriter()
        defer { host.giveBack(writer) }
        let failure = ErrorCoding.failure(from: error, userInfo: host.userInfo, attachingTo: writer)
        send(.thrown, failure, writer)
    }

    /// The message was not served, or its result could not be sent.
    func refused(_ reason: Refusal.Reason, _ detail: String) {
        // It is given to the next incarnation by its sender, who learns of this one's end in any case.
        if message.isKeptBySender && (reason == .stopped || reason == .terminated) { return }
        guard message.isCall else {
            host.deadLetter(message, to: actor, reason.letter, detail)
            return settleTell()
        }
        let writer = host.takeWriter()
        defer { host.giveBack(writer) }
        send(.refused, Refusal(reason, detail), writer)
    }

    private func send<T: Encodable>(_ status: ReplyStatus, _ value: T, _ writer: ByteWriter) {
        // Strings and byte arrays only: there is nothing in it that could fail to encode.
        try? WireCoding.encode(value, into: writer, userInfo: [:])
        guard writer.count <= host.limits.maximumMessage else {
            return refused(.tooLarge, "the error takes \(writer.count) bytes")
        }
        reply(status, writer)
    }

    private func reply(_ status: ReplyStatus, _ body: ByteWriter?) {
        switch message.origin {
        case .call(let connection, let number):
            connection.reply(status, to: number, body, atOnce: message.sections.isRedelivered)
        case .localCall(let call):
            let isFirst = call.finish(.replied(status, body.map { Payload(copying: $0) } ?? .empty))
            if !isFirst { host.lateReply(from: host.process) }
        case .tell, .localTell: break
        }
    }

    /// A one-way message is done with, whatever came of it: its sender gets its credit back.
    func settleTell() {
        switch message.origin {
        case .tell(let connection):
            connection.finishedTell(to: message.receiver, size: message.size, message.sections)
        case .localTell(let route): route.credited(messages: 1, bytes: message.size)
        case .call, .localCall: break
        }
    }
}

extension Refusal.Reason {
    /// What a one-way message that is refused becomes.
    fileprivate var letter: DeadLetter.Reason {
        switch self {
        case .unknownTarget: .unknownTarget
        case .undecodable: .undecodable
        case .terminated: .terminated
        case .stopped: .stopped
        // About results, which one-way messages have not.
        case .unencodable, .tooLarge: .other
        }
    }
}
