internal import Synchronization

/// The actor's side of sessions: has its machine told what members ask and how they end, and members what it says.
///
/// A session is two mailboxes, one for each direction. That a member is gone is told by the one it sends to.
final class SessionHost<Machine: SessionMachine>: Sendable {
    typealias Requests = SessionRequest<Machine.Request>
    typealias Replies = SessionReply<Machine.Reply>

    private struct State {
        var machine: Machine
        /// What is to be sent to each member: a slow one holds up no other.
        var outboxes: [UInt64: AsyncStream<Replies>.Continuation] = [:]
        var lastMember: UInt64 = 0
    }

    private let state: Mutex<State>
    private let system: ProcessActorSystem
    private let changed: @Sendable (Machine) -> Void

    /// Calls `changed` after each change.
    init(
        _ machine: sending Machine, system: ProcessActorSystem,
        changed: @escaping @Sendable (Machine) -> Void = { _ in }
    ) {
        state = Mutex(State(machine: machine))
        self.system = system
        self.changed = changed
    }

    /// Looks at the machine.
    func read<Result: Sendable>(_ body: (Machine) -> Result) -> Result {
        state.withLock { body($0.machine) }
    }

    /// Changes the machine, on behalf of no member.
    func change(_ body: (inout Machine) -> [SessionAnswer<Machine.Reply>]) {
        let machine = state.withLock { state in
            Self.deliver(body(&state.machine), &state)
            return state.machine
        }
        changed(machine)
    }

    /// Lets in a member whose replies go to a mailbox of its own.
    func join(_ replies: MailboxAddress<Replies>) async throws -> MailboxAddress<Requests> {
        let sender = try await replies.open()
        let requests = try await system.makeMailbox(of: Requests.self)
        let address = requests.address
        let (outbox, replies) = AsyncStream<Replies>.makeStream()
        let member = state.withLock { state in
            state.lastMember += 1
            state.outboxes[state.lastMember] = replies
            return state.lastMember
        }
        Task.detached {
            for await reply in outbox { try await sender.send(reply) }
            try await sender.finish()
        }
        let presence = Presence()
        let service = Task.detached { await self.serve(member, requests, presence) }
        presence.guardService(service, sender)
        return address
    }

    private func serve(_ member: UInt64, _ requests: Mailbox<Requests>, _ presence: Presence) async {
        let losses = Task.detached {
            for await loss in requests.senderLosses { return loss as SenderLoss? }
            return nil
        }
        do {
            for try await request in requests {
                switch request {
                case .hello:
                    presence.hello()
                    requests.seal()
                case .ask(let number, let request):
                    change { $0.received(request, SessionPlace(member: member, number: number)) }
                case .withdraw(let number):
                    change { $0.withdrawn(SessionPlace(member: member, number: number)) }
                }
            }
        } catch {
            // It never came, or the system was stopped.
            losses.cancel()
        }
        let loss = await losses.value.map(HolderLoss.init)
        change { $0.left(member, loss) }
        state.withLock { $0.outboxes.removeValue(forKey: member) }?.finish()
    }

    private static func deliver(_ answers: [SessionAnswer<Machine.Reply>], _ state: inout State) {
        for answer in answers {
            let number = answer.place.number
            let reply: Replies =
                switch answer.outcome {
                case .success(let reply): .answered(number, reply)
                case .failure(let error): .failed(number, error)
                }
            state.outboxes[answer.place.member]?.yield(reply)
        }
    }
}
