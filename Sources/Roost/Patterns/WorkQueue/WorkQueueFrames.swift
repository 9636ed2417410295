/// What a producer sends to a work queue.
enum ProducerFrame<Job: Codable & Sendable>: Sendable {
    /// It is there: nobody else will open this mailbox.
    case hello
    /// Jobs of the put with this number; the last ones are answered.
    case jobs([Job], put: UInt64, isLast: Bool)
    /// It waits until all is settled, and is answered.
    case drain(UInt64)
    /// It does not wait any more.
    case withdrawDrain(UInt64)
}

// A number that has the kind in its lowest bits, and the job: what is sent most is to be small and fast.
extension ProducerFrame: Codable {
    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        let word = try container.decode(UInt64.self)
        let number = word >> 3
        switch word & 7 {
        case 0: self = .hello
        case 1: self = .jobs([try container.decode(Job.self)], put: number, isLast: false)
        case 2: self = .jobs([try container.decode(Job.self)], put: number, isLast: true)
        case 3: self = .drain(number)
        case 4: self = .withdrawDrain(number)
        case 5: self = .jobs(try container.decode([Job].self), put: number, isLast: false)
        case 6: self = .jobs(try container.decode([Job].self), put: number, isLast: true)
        default: throw DecodingError.dataCorruptedError(in: container, debugDescription: "no such frame")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        switch self {
        case .hello: try container.encode(UInt64(0))
        case .jobs(let jobs, let put, let isLast):
            // One alone takes less, and less time.
            try container.encode(put << 3 | (jobs.count == 1 ? 1 : 5) + (isLast ? 1 : 0))
            if jobs.count == 1 { try container.encode(jobs[0]) } else { try container.encode(jobs) }
        case .drain(let number): try container.encode(number << 3 | 3)
        case .withdrawDrain(let number): try container.encode(number << 3 | 4)
        }
    }
}

/// What a work queue answers a producer: a put, or a drain.
struct ProducerReply: Codable, Sendable {
    var number: UInt64
    /// How many of the put's jobs were refused, because the queue is finished.
    var refused = 0
}

/// Jobs on their way to a consumer.
enum DeliveryFrame<Job: Codable & Sendable>: Sendable {
    /// Fresh ones, leased under this number and those that follow.
    case fresh(first: UInt64, [Job])
    case job(Job, lease: UInt64, attempt: Int, isRedelivered: Bool, isSuspect: Bool)

    /// The last lease in it.
    var last: UInt64 {
        switch self {
        case .fresh(let first, let jobs): first + UInt64(jobs.count) - 1
        case .job(_, let lease, _, _, _): lease
        }
    }
}

extension DeliveryFrame: Codable {
    private static var redelivered: UInt64 { 1 }
    private static var suspect: UInt64 { 2 }
    private static var later: UInt64 { 4 }
    private static var several: UInt64 { 8 }

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        let word = try container.decode(UInt64.self)
        let lease = word >> 4
        if word & Self.several != 0 {
            self = .fresh(first: lease, try container.decode([Job].self))
            return
        }
        let attempt = word & Self.later != 0 ? try container.decode(Int.self) : 1
        self = .job(
            try container.decode(Job.self), lease: lease, attempt: attempt,
            isRedelivered: word & Self.redelivered != 0, isSuspect: word & Self.suspect != 0)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        switch self {
        case .fresh(let first, let jobs):
            try container.encode(first << 4 | Self.several)
            try container.encode(jobs)
        case .job(let job, let lease, let attempt, let isRedelivered, let isSuspect):
            let marks =
                (isRedelivered ? Self.redelivered : 0) | (isSuspect ? Self.suspect : 0)
                | (attempt > 1 ? Self.later : 0)
            try container.encode(lease << 4 | marks)
            if attempt > 1 { try container.encode(attempt) }
            try container.encode(job)
        }
    }
}

/// How many jobs of a type travel together: several, if they take few bytes each.
///
/// Of others it is not known how large they are before they are encoded.
func jobsTogether<Job>(_ type: Job.Type) -> Int {
    _isPOD(Job.self) ? max(1, min(64, 4_096 / max(1, MemoryLayout<Job>.stride))) : 1
}

/// What a consumer tells a work queue about a lease.
///
/// It travels as a number with the kind in its lowest bits, which costs next to nothing.
enum ConsumerWord: Sendable, Equatable {
    /// It is there: nobody else will open this mailbox.
    case hello
    case acknowledge(UInt64)
    /// It has forgotten it.
    case abandon(UInt64)
    /// It has not begun it.
    case giveBack(UInt64)
    /// It is about to begin it.
    case begin(UInt64)
    /// It takes no more, and has begun none after this one.
    case leave(UInt64)

    /// Nil for a number that means nothing.
    init?(_ word: UInt64) {
        let lease = word >> 3
        switch word & 7 {
        case 0: self = .hello
        case 1: self = .acknowledge(lease)
        case 2: self = .abandon(lease)
        case 3: self = .giveBack(lease)
        case 4: self = .begin(lease)
        case 5: self = .leave(lease)
        default: return nil
        }
    }

    var word: UInt64 {
        switch self {
        case .hello: 0
        case .acknowledge(let lease): lease << 3 | 1
        case .abandon(let lease): lease << 3 | 2
        case .giveBack(let lease): lease << 3 | 3
        case .begin(let lease): lease << 3 | 4
        case .leave(let lease): lease << 3 | 5
        }
    }
}

/// What a consumer is answered that wants to join: where its words go, and who it is there.
struct ConsumerAdmission: Codable, Sendable {
    var words: MailboxAddress<UInt64>
    var consumer: UInt64
    /// The incarnation of the queue that has admitted it.
    var epoch: UInt64
}
