internal import Synchronization

// The queue's side of its sessions. A session is two mailboxes, one for each direction; that a client is gone is told
// by the one it sends to.

extension Mailbox {
    /// How the only sender was lost; nil when it has finished.
    ///
    /// To be asked for after the end.
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
        presence.guardService(Task.detached { await serve(presence) }, replies)
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
                case .jobs(let jobs, let put, let isLast):
                    let count = await accept(TypedJobBox(jobs), by: number)
                    if count > 0 { refused[put, default: 0] += count }
                    if isLast { answer(put, refused.removeValue(forKey: put), number) }
                case .drain(let drain): core.drain(drain, by: number)
                case .withdrawDrain(let drain): core.withdrawDrain(drain, by: number)
                }
            }
        } catch {
            // It never came, or the system was stopped.
        }
        core.producerEnded(number)
    }

    // Returns how many were refused.
    private nonisolated(nonsending) func accept(_ jobs: JobBox, by producer: UInt64) async -> Int {
        var (place, refused) = (0, 0)
        while place < jobs.count {
            let outcome = core.put(jobs, from: place, by: producer)
            place = outcome.end
            refused += outcome.refused
            if outcome.waits, await !core.answerToPut(by: producer) { refused += 1 }
        }
        return refused
    }

    private func answer(_ put: UInt64, _ refused: Int?, _ producer: UInt64) {
        core.reply(ProducerReply(number: put, refused: refused ?? 0), to: producer)
    }
}

/// Serves a consumer.
struct ConsumerService<Job: Codable & Sendable>: Sendable {
    typealias Assignment = WorkQueueCore.Machine.Assignment

    let core: WorkQueueCore
    let name: String
    let window: Int
    let words: Mailbox<UInt64>
    let deliveries: MailboxSender<DeliveryFrame<Job>>

    /// Returns the consumer's number.
    func start() -> UInt64 {
        let presence = Presence()
        let (number, jobs) = core.consumerCame()
        Task.detached { await send(jobs, to: number) }
        presence.guardService(Task.detached { await serve(number, presence) }, deliveries)
        return number
    }

    private func serve(_ number: UInt64, _ presence: Presence) async {
        do {
            for try await word in words {
                switch ConsumerWord(word) {
                case .hello:
                    presence.hello()
                    words.seal()
                    core.consumerJoined(number, named: name, window: window)
                case let word?: core.received(word, from: number)
                case nil: continue
                }
            }
        } catch {
            return core.consumerEnded(number, nil)
        }
        guard let loss = await words.loss(), case .ended(let reason) = loss.cause else {
            return core.consumerEnded(number, nil)
        }
        core.consumerEnded(number, reason, named: loss.senderName)
    }

    private func send(_ jobs: Outbox<Assignment>, to consumer: UInt64) async {
        let together = jobsTogether(Job.self)
        do {
            while let batch = await jobs.next() {
                var rest = batch[...]
                while let first = rest.first {
                    let fresh = rest.prefix(together).prefix(while: \.isFresh)
                    rest = rest.dropFirst(max(1, fresh.count))
                    if fresh.count > 1 {
                        try await send(together: fresh, to: consumer)
                    } else {
                        try await send(first, to: consumer)
                    }
                }
            }
            try await deliveries.finish()
        } catch {
            // The other half of the session tells how the consumer has ended.
        }
    }

    private nonisolated(nonsending) func send(
        together assignments: ArraySlice<Assignment>, to consumer: UInt64
    ) async throws {
        let jobs = assignments.map { $0.job.job(as: Job.self) }
        do {
            try await deliveries.send(.fresh(first: assignments[assignments.startIndex].lease, jobs))
        } catch let error as RemoteCallError where error.isAboutElement {
            for assignment in assignments { try await send(assignment, to: consumer) }
        }
    }

    private nonisolated(nonsending) func send(_ assignment: Assignment, to consumer: UInt64) async throws {
        do {
            try await deliveries.send(
                .job(
                    assignment.job.job(as: Job.self), lease: assignment.lease, attempt: assignment.attempt,
                    isRedelivered: assignment.isRedelivered, isSuspect: assignment.isSuspect))
        } catch let error as RemoteCallError where error.isAboutElement {
            core.failed(assignment.lease, by: consumer, .unsendable(error.message), isRetried: false)
        }
    }
}

extension RemoteCallError {
    /// Whether an element could not be sent, and others can.
    fileprivate var isAboutElement: Bool { code == .unencodable || code == .tooLarge }
}

extension WorkQueueState.Assignment {
    /// Whether there is nothing to say about it.
    fileprivate var isFresh: Bool { attempt == 1 && !isRedelivered && !isSuspect }
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
        presence.guardService(service, letters)
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
