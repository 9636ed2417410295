/// What a work queue decides: which job goes to whom, what is tried again, and what is given up.
///
/// Told what happens, it says with ``next()`` what is to be done, until there is nothing more. It gives jobs out in
/// the order they were put, what comes back before the rest, each to the consumer that has the fewest.
///
/// A consumer that dies with one job has failed at that one. If it had several, nobody knows at which: then none of
/// them counts as tried, and all are *suspects*. A consumer that begins a suspect says so first, so that the next time
/// it is known.
struct WorkQueueState<Job: Sendable>: Sendable {
    /// A job that is not settled.
    struct Entry: Sendable {
        let number: UInt64
        let job: Job
        var failures: [JobFailure] = []
        var wasDelivered = false
        var isSuspect = false
    }

    struct Lease: Sendable {
        var entry: Entry
        var isBegun = false
    }

    struct Consumer: Sendable {
        let number: UInt64
        let name: String
        /// How many jobs it may have; none when it is leaving.
        var window: Int
        var leases = LeaseTable<Lease>()

        var hasRoom: Bool { leases.count < window }
    }

    /// A job on its way to a consumer.
    struct Assignment: Sendable {
        let lease: UInt64
        let job: Job
        /// Which attempt it is, counted from 1.
        let attempt: Int
        let isRedelivered: Bool
        let isSuspect: Bool
    }

    enum Action: Sendable {
        case deliver(Assignment, to: UInt64)
        /// The put of a producer that waited has been taken, or refused.
        case admitted(UInt64)
        case refused(UInt64)
        case drained(UInt64)
        case dead(Job, [JobFailure])
        /// All is settled, and nothing more comes for this consumer.
        case ended(UInt64)
        /// All is settled, and nothing more comes.
        case over
    }

    private struct Drain {
        let number: UInt64
        /// The last job that it waits for.
        let last: UInt64
        var remaining: Int
    }

    let options: WorkQueueOptions
    private var fresh = FirstInFirstOut<Entry>()
    private var returned = FirstInFirstOut<Entry>()
    private var offers = FirstInFirstOut<(producer: UInt64, job: Job)>()
    private(set) var consumers: [Consumer] = []
    private var places: [UInt64: Int] = [:]
    /// How many consumers have room for a job.
    private var vacant = 0
    private var lastServed = 0
    private var drains: [Drain] = []
    private var decided = FirstInFirstOut<Action>()
    private var lastJob: UInt64 = 0
    private(set) var leased = 0
    private(set) var acknowledged = 0
    private(set) var dead = 0
    private(set) var redeliveries = 0
    private(set) var isFinished = false
    private(set) var isOver = false

    init(_ options: WorkQueueOptions) {
        self.options = options
    }

    var waiting: Int { fresh.count + returned.count }
    var unsettled: Int { waiting + leased }

    var status: WorkQueueStatus {
        var status = WorkQueueStatus()
        status.waiting = waiting
        status.leased = leased
        status.acknowledged = acknowledged
        status.dead = dead
        status.redeliveries = redeliveries
        status.consumers = consumers.count
        status.waitingProducers = offers.count
        status.waitingDrains = drains.count
        status.isFinished = isFinished
        return status
    }

    // MARK: What is to be done

    /// The next thing to do.
    mutating func next() -> Action? {
        if let action = decided.popFirst() { return action }
        if vacant > 0, let entry = returned.popFirst() ?? fresh.popFirst() { return deliver(entry) }
        if waiting < options.capacity, let offer = offers.popFirst() {
            accept(offer.job)
            return .admitted(offer.producer)
        }
        return nil
    }

    private mutating func deliver(_ entry: Entry) -> Action {
        let place = leastLoaded()
        lastServed = place
        if entry.wasDelivered { redeliveries += 1 }
        var leased = Lease(entry: entry)
        leased.entry.wasDelivered = true
        let assignment = Assignment(
            lease: consumers[place].leases.append(leased), job: entry.job,
            attempt: entry.failures.count + 1, isRedelivered: entry.wasDelivered, isSuspect: entry.isSuspect)
        self.leased += 1
        if !consumers[place].hasRoom { vacant -= 1 }
        return .deliver(assignment, to: consumers[place].number)
    }

    // Among equals the one whose turn it is; one that has nothing is as good as any.
    private func leastLoaded() -> Int {
        var best = -1
        var fewest = Int.max
        for step in 1...consumers.count {
            var place = lastServed + step
            while place >= consumers.count { place -= consumers.count }
            let count = consumers[place].leases.count
            guard count < fewest, count < consumers[place].window else { continue }
            best = place
            fewest = count
            if count == 0 { break }
        }
        return best
    }

    // MARK: Producers

    enum PutAction: Equatable {
        case accepted
        /// There is no room: ``Action/admitted(_:)`` or ``Action/refused(_:)`` follows.
        case waits
        /// The queue has been finished.
        case refused
    }

    /// A producer puts a job.
    ///
    /// It puts no other while one waits.
    mutating func put(_ job: Job, by producer: UInt64) -> PutAction {
        if isFinished { return .refused }
        if waiting >= options.capacity && vacant == 0 || !offers.isEmpty {
            offers.append((producer, job))
            return .waits
        }
        accept(job)
        return .accepted
    }

    private mutating func accept(_ job: Job) {
        lastJob += 1
        fresh.append(Entry(number: lastJob, job: job))
    }

    /// A producer has gone: its put that waited is void.
    mutating func producerEnded(_ producer: UInt64) {
        offers.removeAll { $0.producer == producer }
    }

    /// No more jobs.
    mutating func finish() {
        isFinished = true
        while let offer = offers.popFirst() { decided.append(.refused(offer.producer)) }
        checkEnd()
    }

    // MARK: Draining

    /// Somebody waits until everything put so far is settled.
    mutating func drain(_ number: UInt64) {
        if unsettled == 0 { return decided.append(.drained(number)) }
        drains.append(Drain(number: number, last: lastJob, remaining: unsettled))
    }

    /// He does not wait any more.
    mutating func drainWithdrawn(_ number: UInt64) {
        drains.removeAll { $0.number == number }
    }

    // MARK: Consumers

    /// A consumer has come, and takes up to `window` jobs at a time.
    mutating func joined(_ number: UInt64, named name: String, window: Int) {
        if isOver { return decided.append(.ended(number)) }
        places[number] = consumers.count
        consumers.append(Consumer(number: number, name: name, window: window))
        vacant += 1
    }

    /// A consumer tells that it is about to begin a job.
    mutating func begun(_ lease: UInt64, by consumer: UInt64) {
        guard let place = places[consumer] else { return }
        consumers[place].leases.update(lease) { $0.isBegun = true }
    }

    mutating func acknowledged(_ lease: UInt64, by consumer: UInt64) {
        guard let (entry, _) = take(lease, from: consumer) else { return }
        acknowledged += 1
        settled(entry)
    }

    /// A consumer could not do it; the job is tried again if it may be.
    mutating func failed(
        _ lease: UInt64, by consumer: UInt64, _ cause: JobFailure.Cause, isRetried: Bool = true
    ) {
        guard let (entry, name) = take(lease, from: consumer) else { return }
        failed(entry, JobFailure(consumer: name, cause: cause), isRetried: isRetried)
    }

    /// A consumer gives a job back as it was.
    mutating func givenBack(_ lease: UInt64, by consumer: UInt64) {
        guard let (entry, _) = take(lease, from: consumer) else { return }
        returned.append(entry)
    }

    /// A consumer wants no more jobs: it has begun none that came after `lease`, and settles the others yet.
    mutating func leaving(_ consumer: UInt64, after lease: UInt64) {
        guard let place = places[consumer] else { return }
        if consumers[place].hasRoom { vacant -= 1 }
        consumers[place].window = 0
        for (number, _) in consumers[place].leases.all(after: lease) {
            guard let (entry, _) = take(number, from: consumer) else { continue }
            returned.append(entry)
        }
    }

    /// A consumer is no more; `reason` says how its process ended, if that was its end, and `name` whose it was.
    mutating func ended(_ consumer: UInt64, _ reason: ExitReason?, named name: String? = nil) {
        guard let place = places[consumer] else { return }
        let gone = consumers[place]
        remove(at: place)
        leased -= gone.leases.count
        for (_, lease) in gone.leases.all() {
            // One that was asked to end did not end because of a job.
            guard let reason, reason != .shutdown else {
                returned.append(lease.entry)
                continue
            }
            if lease.isBegun || gone.leases.count == 1 {
                let failure = JobFailure(consumer: name ?? gone.name, cause: .ended(reason))
                failed(lease.entry, failure, isRetried: true)
            } else {
                var entry = lease.entry
                entry.isSuspect = true
                returned.append(entry)
            }
        }
        checkEnd()
    }

    private mutating func remove(at place: Int) {
        if consumers[place].hasRoom { vacant -= 1 }
        consumers.remove(at: place)
        places = [:]
        for (place, consumer) in consumers.enumerated() { places[consumer.number] = place }
        // The turn stays with the one after the last served.
        if lastServed >= place { lastServed -= 1 }
        if lastServed < 0 { lastServed = max(0, consumers.count - 1) }
    }

    private mutating func take(_ lease: UInt64, from consumer: UInt64) -> (entry: Entry, name: String)? {
        guard let place = places[consumer] else { return nil }
        let hadRoom = consumers[place].hasRoom
        guard let taken = consumers[place].leases.remove(lease) else { return nil }
        leased -= 1
        if !hadRoom && consumers[place].hasRoom { vacant += 1 }
        return (taken.entry, consumers[place].name)
    }

    // MARK: Settling

    private mutating func failed(_ entry: Entry, _ failure: JobFailure, isRetried: Bool) {
        var entry = entry
        entry.failures.append(failure)
        if isRetried && entry.failures.count < options.attempts {
            // It has been told apart from those beside it.
            return returned.append(entry)
        }
        dead += 1
        decided.append(.dead(entry.job, entry.failures))
        settled(entry)
    }

    private mutating func settled(_ entry: Entry) {
        if !drains.isEmpty { settledForDrains(entry.number) }
        checkEnd()
    }

    private mutating func settledForDrains(_ number: UInt64) {
        for place in drains.indices where number <= drains[place].last {
            drains[place].remaining -= 1
            if drains[place].remaining == 0 { decided.append(.drained(drains[place].number)) }
        }
        drains.removeAll { $0.remaining == 0 }
    }

    private mutating func checkEnd() {
        guard isFinished && unsettled == 0 && !isOver else { return }
        isOver = true
        for consumer in consumers { decided.append(.ended(consumer.number)) }
        decided.append(.over)
    }
}
