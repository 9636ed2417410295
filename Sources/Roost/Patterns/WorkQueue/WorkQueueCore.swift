internal import Synchronization

/// A work queue in its process: has the state told what clients do, and hands out what it decides.
final class WorkQueueCore: Sendable {
    typealias Machine = WorkQueueState<BoxedJob>
    typealias Letter = (job: BoxedJob, failures: [JobFailure])

    private struct Producer {
        let replies: Outbox<ProducerReply>
        /// The task that reads its frames, while its put waits for room.
        var reader: CheckedContinuation<Bool, Never>?
        /// What has become of the put that waited, if the reader was not there yet.
        var answer: Bool?
    }

    private struct State {
        var machine: Machine
        var producers: [UInt64: Producer] = [:]
        var consumers: [UInt64: Outbox<Machine.Assignment>] = [:]
        var drains: [UInt64: (producer: UInt64, number: UInt64)] = [:]
        var letters: DeadLetterLog<Letter>
        var readers: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var lastNumber: UInt64 = 0
    }

    /// Tells the incarnations of a queue apart.
    let epoch = UInt64.random(in: 1 ... .max)
    private let state: Mutex<State>

    init(_ options: WorkQueueOptions) {
        state = Mutex(
            State(machine: Machine(options), letters: DeadLetterLog(limit: options.deadLetters)))
    }

    var status: WorkQueueStatus {
        var status = state.withLock { $0.machine.status }
        status.epoch = epoch
        return status
    }

    /// No more jobs.
    func finish() {
        change { $0.machine.finish() }
    }

    private func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        state.withLock { state in
            let result = body(&state)
            perform(&state)
            return result
        }
    }

    private func perform(_ state: inout State) {
        while let action = state.machine.next() {
            switch action {
            case .deliver(let assignment, let consumer): state.consumers[consumer]?.append(assignment)
            case .admitted(let producer): answer(producer, true, &state)
            case .refused(let producer): answer(producer, false, &state)
            case .drained(let number):
                guard let drain = state.drains.removeValue(forKey: number) else { continue }
                state.producers[drain.producer]?.replies.append(ProducerReply(number: drain.number))
            case .dead(let job, let failures):
                state.letters.append((job, failures))
                wakeReaders(&state)
            case .ended(let consumer): state.consumers.removeValue(forKey: consumer)?.close()
            case .over:
                state.letters.close()
                wakeReaders(&state)
            }
        }
    }

    private func newNumber(_ state: inout State) -> UInt64 {
        state.lastNumber += 1
        return state.lastNumber
    }

    // MARK: Producers

    /// A producer has come; returns its number, and where its replies gather.
    func producerJoined() -> (number: UInt64, replies: Outbox<ProducerReply>) {
        let replies = Outbox<ProducerReply>()
        return state.withLock { state in
            let number = newNumber(&state)
            state.producers[number] = Producer(replies: replies)
            return (number, replies)
        }
    }

    /// Puts jobs from this place on, as far as there is room; tells how far that was, and how many were refused.
    ///
    /// When one waits, ``answerToPut(by:)`` follows; it counts as put.
    func put(_ jobs: JobBox, from start: Int, by producer: UInt64) -> (end: Int, refused: Int, waits: Bool) {
        state.withLock { state in
            var refused = 0
            for place in start..<jobs.count {
                let action = state.machine.put(BoxedJob(box: jobs, place: place), by: producer)
                perform(&state)
                switch action {
                case .accepted: continue
                case .refused: refused += 1
                case .waits: return (place + 1, refused, true)
                }
            }
            return (jobs.count, refused, false)
        }
    }

    /// What has become of a put that waits for room: false when the queue is finished.
    func answerToPut(by producer: UInt64) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer: Bool? = state.withLock { state in
                if let answer = state.producers[producer]?.answer.take() { return answer }
                state.producers[producer]?.reader = continuation
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    private func answer(_ producer: UInt64, _ isAccepted: Bool, _ state: inout State) {
        if let reader = state.producers[producer]?.reader.take() {
            reader.resume(returning: isAccepted)
        } else {
            state.producers[producer]?.answer = isAccepted
        }
    }

    func reply(_ reply: ProducerReply, to producer: UInt64) {
        state.withLock { $0.producers[producer]?.replies.append(reply) }
    }

    func drain(_ number: UInt64, by producer: UInt64) {
        change { state in
            let drain = newNumber(&state)
            state.drains[drain] = (producer, number)
            state.machine.drain(drain)
        }
    }

    func withdrawDrain(_ number: UInt64, by producer: UInt64) {
        withdrawDrains { $0.producer == producer && $0.number == number }
    }

    private func withdrawDrains(where condition: ((producer: UInt64, number: UInt64)) -> Bool) {
        state.withLock { state in
            for (drain, origin) in state.drains where condition(origin) {
                state.drains[drain] = nil
                state.machine.drainWithdrawn(drain)
            }
        }
    }

    func producerEnded(_ producer: UInt64) {
        withdrawDrains { $0.producer == producer }
        change { state in
            state.machine.producerEnded(producer)
            state.producers.removeValue(forKey: producer)?.replies.close()
        }
    }

    // MARK: Consumers

    /// A consumer has come that is not given anything yet; returns its number, and where its jobs gather.
    func consumerCame() -> (number: UInt64, jobs: Outbox<Machine.Assignment>) {
        let jobs = Outbox<Machine.Assignment>()
        return state.withLock { state in
            let number = newNumber(&state)
            state.consumers[number] = jobs
            return (number, jobs)
        }
    }

    func consumerJoined(_ consumer: UInt64, named name: String, window: Int) {
        change { $0.machine.joined(consumer, named: name, window: window) }
    }

    func received(_ word: ConsumerWord, from consumer: UInt64) {
        change { state in
            switch word {
            case .hello: break
            case .acknowledge(let lease): state.machine.acknowledged(lease, by: consumer)
            case .abandon(let lease): state.machine.failed(lease, by: consumer, .abandoned)
            case .giveBack(let lease): state.machine.givenBack(lease, by: consumer)
            case .begin(let lease): state.machine.begun(lease, by: consumer)
            case .leave(let lease):
                state.machine.leaving(consumer, after: lease)
                state.consumers.removeValue(forKey: consumer)?.close()
            }
        }
    }

    /// A job failed with a consumer that lives.
    func failed(_ lease: UInt64, by consumer: UInt64, _ cause: JobFailure.Cause, isRetried: Bool) {
        change { $0.machine.failed(lease, by: consumer, cause, isRetried: isRetried) }
    }

    func consumerEnded(_ consumer: UInt64, _ reason: ExitReason?, named name: String? = nil) {
        change { state in
            state.machine.ended(consumer, reason, named: name)
            state.consumers.removeValue(forKey: consumer)?.close()
        }
    }

    // MARK: Dead letters

    func readerCame() -> UInt64 {
        state.withLock { newNumber(&$0) }
    }

    /// The first dead letter that is kept from this number on, waiting for one; nil when no more follow, or when the
    /// task is cancelled.
    func letter(from number: Int, for reader: UInt64) async -> (number: Int, letter: Letter)? {
        while true {
            let (found, isClosed) = state.withLock { state in
                (state.letters.letter(from: number), state.letters.isClosed)
            }
            if let found { return found }
            if isClosed || Task.isCancelled { return nil }
            await waitForLetter(from: number, for: reader)
        }
    }

    private func waitForLetter(from number: Int, for reader: UInt64) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isThere = state.withLock { state in
                    if state.letters.isClosed || Task.isCancelled { return true }
                    if state.letters.letter(from: number) != nil { return true }
                    state.readers[reader] = continuation
                    return false
                }
                if isThere { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.readers.removeValue(forKey: reader) }?.resume()
        }
    }

    private func wakeReaders(_ state: inout State) {
        for reader in state.readers.values { reader.resume() }
        state.readers = [:]
    }
}
