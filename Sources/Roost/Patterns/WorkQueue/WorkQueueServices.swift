internal import Synchronization

// The queue's side of its sessions. A session is two mailboxes, one for each direction; that a client is gone is told
// by the one it sends to.

/// Whether a client has opened its mailbox. One that dies before that tells nobody.
private final class Presence: Sendable {
    private static let limit = Duration.seconds(10)
    private let isHere = Atomic<Bool>(false)

    func hello() { isHere.store(true, ordering: .relaxed) }

    /// Cancels a client's service unless the client has come in time.
    func guardService(_ service: Task<Void, Never>) {
        Task.detached { [self] in
            try await Task.sleep(for: Self.limit)
            if !isHere.load(ordering: .relaxed) { service.cancel() }
        }
    }
}

extension Mailbox {
    /// How the only sender was lost; nil when it has finished. To be asked for after the end.
    func loss() async -> SenderLoss? {
        for await loss in senderLosses { return loss }
        return nil
    }
}

/// Serves a producer.
struct ProducerService<Job: Codable & Sendable>: Sendable {
    let core: WorkQueueCore
    let frames: Mailbox<ProducerFrame<Job>>
    let replies: MailboxSender<ProducerReply>

    func start() {
        let presence = Presence()
        presence.guardService(Task.detached { await serve(presence) })
    }

    private func serve(_ presence: Presence) async {
        let (number, outbox) = core.producerJoined()
        Task.detached {
            while let batch = await outbox.next() {
                // Without the producer the other half of the session ends too.
                for reply in batch { try await replies.send(reply) }
            }
            try await replies.finish()
        }
        // Of puts of which jobs were refused.
        var refused: [UInt64: Int] = [:]
        do {
            for try await frame in frames {
                switch frame {
                case .hello:
                    presence.hello()
                    frames.seal()
                case .job(let job, let put, let isLast):
                    if await !core.put(TypedJobBox(job), by: number) { refused[put, default: 0] += 1 }
                    guard isLast else { continue }
                    let count = refused.removeValue(forKey: put) ?? 0
                    core.reply(ProducerReply(number: put, refused: count), to: number)
                case .drain(let drain): core.drain(drain, by: number)
                case .withdrawDrain(let drain): core.withdrawDrain(drain, by: number)
                }
            }
        } catch {
            // It never came, or the system was stopped.
        }
        core.producerEnded(number)
    }
}

/// Serves a consumer.
struct ConsumerService<Job: Codable & Sendable>: Sendable {
    let core: WorkQueueCore
    let name: String
    let window: Int
    let requests: Mailbox<ConsumerRequest>
    let deliveries: MailboxSender<DeliveryFrame<Job>>

    func start() {
        let presence = Presence()
        presence.guardService(Task.detached { await serve(presence) })
    }

    private func serve(_ presence: Presence) async {
        let (number, jobs) = core.consumerCame()
        Task.detached { await send(jobs, to: number) }
        do {
            for try await request in requests {
                guard request == .hello else {
                    core.received(request, from: number)
                    continue
                }
                presence.hello()
                requests.seal()
                core.consumerJoined(number, named: name, window: window)
            }
        } catch {
            return core.consumerEnded(number, nil)
        }
        guard let loss = await requests.loss(), case .ended(let reason) = loss.cause else {
            return core.consumerEnded(number, nil)
        }
        core.consumerEnded(number, reason, named: loss.senderName)
    }

    private func send(_ jobs: Outbox<WorkQueueCore.Machine.Assignment>, to consumer: UInt64) async {
        while let batch = await jobs.next() {
            for assignment in batch {
                do {
                    try await deliveries.send(DeliveryFrame(assignment))
                } catch let error as RemoteCallError
                    where error.code == .unencodable || error.code == .tooLarge
                {
                    core.unsendable(assignment.lease, to: consumer, error.message)
                } catch {
                    // The other half of the session tells how the consumer has ended.
                    return
                }
            }
        }
        try? await deliveries.finish()
    }
}

extension DeliveryFrame {
    init(_ assignment: WorkQueueCore.Machine.Assignment) {
        self.init(
            lease: assignment.lease, attempt: assignment.attempt, isRedelivered: assignment.isRedelivered,
            isSuspect: assignment.isSuspect, job: assignment.job.job(as: Job.self))
    }
}

/// What a reader of dead letters says: that it is there.
enum ReaderPresence: Codable, Sendable {
    case hello
}

/// Serves a reader of dead letters.
struct DeadLetterService<Job: Codable & Sendable>: Sendable {
    let core: WorkQueueCore
    let presence: Mailbox<ReaderPresence>
    let letters: MailboxSender<DeadJob<Job>>

    func start() {
        let presence = Presence()
        let service = Task.detached { await send() }
        presence.guardService(service)
        Task.detached {
            // It says one thing, and then how long it is there.
            for try await _ in self.presence {
                presence.hello()
                self.presence.seal()
            }
            service.cancel()
        }
    }

    private func send() async {
        let reader = core.readerCame()
        var next = 0
        do {
            while let (number, letter) = await core.letter(from: next, for: reader) {
                next = number + 1
                let job = letter.job.job(as: Job.self)
                try await letters.send(DeadJob(job: job, failures: letter.failures))
            }
            try await letters.finish()
        } catch {
            // The reader has gone.
        }
    }
}
