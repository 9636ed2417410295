internal import Distributed
internal import RoostPlatform
internal import RoostWire

/// Leaving a process: a call or a one-way message, from the compiler's thunk to its outcome.
extension ActorHost {
    /// Sends a call and waits for its one outcome.
    func call(
        _ id: ActorID, _ target: RemoteCallTarget, _ invocation: ProcessActorSystem.InvocationEncoder,
        overflow: @autoclosure () -> OverflowPolicy
    ) async throws -> (ReplyStatus, Payload) {
        defer { giveBack(invocation.writer) }
        let route = try check(id, target, invocation)
        let context = ActorContext.current
        let sections = sections(for: id.mode, invocation, context)
        let call = newCall(to: route.key, from: context)
        let message = OutgoingMessage(
            target: targetNames.number(of: target.identifier), sections: sections,
            arguments: invocation.writer, call: call)
        let size = message.size
        if let deadline = sections.deadline, isPast(deadline) {
            throw RemoteCallError(
                .deadlineExceeded, actor: id.name, target: "\(target)", message: "before it was sent")
        }
        guard sections.path.count <= MessageSections.maximumPath else {
            throw RemoteCallError(
                .notDelivered, actor: id.name, target: "\(target)",
                message: "\(sections.path.count) calls wait for each other already: a recursion without end?")
        }
        let wait = beginWait(for: call)
        defer { endWait(wait) }
        let needsCredit = message.takesRoom(at: route.key)
        if needsCredit && !route.takeCredit(size) {
            let waits = overflow() == .suspend
            switch await route.acquireCredit(size, until: sections.deadline, waits: waits, for: call) {
            case .admitted: break
            case .cancelled: return try settle(call.finished ?? .cancelled, id, target)
            case .full: throw mailboxFull(id, target)
            case .deadlineExceeded:
                throw RemoteCallError(
                    .deadlineExceeded, actor: id.name, target: "\(target)",
                    message: "the mailbox was full; not sent")
            }
        }
        let timer = sections.deadline.map { deadline in
            setTimer(at: deadline) { call.abandon(.failed(.deadlineExceeded, nil, "")) }
        }
        defer { timer?.cancel() }
        let outcome = await withTaskCancellationHandler {
            route.send(message)
            // A loop looks for input by itself.
            if !loop.isCurrent, case .sent(let connection, _, _) = call.place {
                connection.lookForAnswer(to: call)
            }
            return await call.outcome()
        } onCancel: {
            call.abandon(.cancelled)
        }
        // What was under way to a dead incarnation has been written off as a whole.
        route.callEnded(call, size: needsCredit && !outcome.isInterruption ? size : nil)
        return try settle(outcome, id, target)
    }

    private func settle(
        _ outcome: CallOutcome, _ id: ActorID, _ target: RemoteCallTarget
    ) throws -> (ReplyStatus, Payload) {
        switch outcome {
        case .replied(.refused, let payload):
            throw refusalError(payload, id, target)
        case .replied(.thrown, let payload):
            throw thrownError(payload, id, target)
        case .replied(let status, let payload):
            return (status, payload)
        case .failed(let code, let reason, let text):
            throw RemoteCallError(
                code, actor: id.name, target: "\(target)", exitReason: reason, message: text)
        case .deadlocked(let path):
            throw RemoteCallError(
                .deadlock, actor: id.name, target: "\(target)", message: Self.circle(path), path: path)
        case .cancelled:
            throw CancellationError()
        }
    }

    private static func circle(_ path: [String]) -> String {
        zip(path, path.dropFirst() + path.prefix(1)).map { "\($0) waits for \($1)" }
            .joined(separator: ", ")
    }

    /// Sends a one-way message: returns when it is accepted, waiting while the mailbox is full.
    func tell(
        _ id: ActorID, _ target: RemoteCallTarget, _ invocation: ProcessActorSystem.InvocationEncoder,
        overflow: @autoclosure () -> OverflowPolicy
    ) async throws {
        defer { giveBack(invocation.writer) }
        let route = try check(id, target, invocation)
        let context = ActorContext.current
        let message = OutgoingMessage(
            target: targetNames.number(of: target.identifier),
            sections: sections(for: id.mode, invocation, context), arguments: invocation.writer, call: nil)
        if route.sendAtOnce(message) { return }
        if !route.takeCredit(message.size) {
            // Not a call, but a wait like one.
            let waiting = newCall(to: route.key, from: context, isOneWay: true)
            let wait = beginWait(for: waiting)
            defer { endWait(wait) }
            let overflow = overflow()
            let waits = overflow == .suspend
            switch await route.acquireCredit(message.size, until: nil, waits: waits, for: waiting) {
            case .admitted: break
            case .full where overflow == .dropNewest:
                return deadLetter(message, to: id.name, .mailboxFull, "its mailbox was full")
            case .full: throw mailboxFull(id, target)
            case .cancelled, .deadlineExceeded:
                _ = try settle(waiting.finished ?? .cancelled, id, target)
            }
        }
        route.send(message)
    }

    private func mailboxFull(_ id: ActorID, _ target: RemoteCallTarget) -> RemoteCallError {
        RemoteCallError(
            .mailboxFull, actor: id.name, target: "\(target)",
            message: "and the actor's policy is not to wait for room; not sent")
    }

    private func check(
        _ id: ActorID, _ target: RemoteCallTarget, _ invocation: ProcessActorSystem.InvocationEncoder
    ) throws -> Route {
        func error(_ code: RemoteCallError.Code, _ text: String) -> RemoteCallError {
            RemoteCallError(code, actor: id.name, target: "\(target)", message: text)
        }
        if let failure = invocation.failure { throw error(.unencodable, failure) }
        guard invocation.writer.count <= limits.maximumMessage else {
            throw error(
                .tooLarge,
                "the arguments take \(invocation.writer.count) bytes, and \(limits.maximumMessage) are allowed"
            )
        }
        guard let route = id.address.boundRoute else {
            throw error(.notDelivered, "the reference was not resolved with this system")
        }
        return route
    }

    /// A call says who waits for it, and until when; a one-way message only who sent it.
    private func sections(
        for mode: SendMode, _ invocation: ProcessActorSystem.InvocationEncoder, _ context: ActorContext?
    ) -> MessageSections {
        var sections = MessageSections(generics: invocation.generics)
        sections.descriptors = UInt8(invocation.writer.attachments.count)
        if mode.isOneWay {
            sections.sender = context?.key
            return sections
        }
        sections.deadline = [mode.deadline, context?.deadline].compactMap(\.self).min()
        if let context { sections.path = context.path }
        return sections
    }

    private func refusalError(_ payload: Payload, _ id: ActorID, _ target: RemoteCallTarget)
        -> RemoteCallError
    {
        var reader = payload.reader
        let refusal = try? WireCoding.decode(Refusal.self, from: &reader, userInfo: [:], limits: WireLimits())
        let code: RemoteCallError.Code =
            switch refusal?.reason {
            case .unknownTarget: .unknownTarget
            case .unencodable: .unencodable
            case .tooLarge: .tooLarge
            case .terminated: .terminated
            case .stopped: .notDelivered
            case .undecodable, nil: .undecodable
            }
        return RemoteCallError(code, actor: id.name, target: "\(target)", message: refusal?.detail ?? "")
    }

    private func thrownError(_ payload: Payload, _ id: ActorID, _ target: RemoteCallTarget) -> any Error {
        var reader = payload.reader
        do {
            let failure = try WireCoding.decode(
                RemoteFailure.self, from: &reader, userInfo: [:], limits: WireLimits())
            return ErrorCoding.error(
                from: failure, userInfo: userInfo, attachments: payload.attachments)
        } catch {
            return RemoteCallError(.undecodable, actor: id.name, target: "\(target)", message: "\(error)")
        }
    }
}
