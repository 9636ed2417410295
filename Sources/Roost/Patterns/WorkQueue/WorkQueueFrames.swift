/// What a producer sends to a work queue.
enum ProducerFrame<Job: Codable & Sendable>: Sendable {
    /// It is there: nobody else will open this mailbox.
    case hello
    /// A job of the put with this number; the last one is answered.
    case job(Job, put: UInt64, isLast: Bool)
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
        case 1: self = .job(try container.decode(Job.self), put: number, isLast: false)
        case 2: self = .job(try container.decode(Job.self), put: number, isLast: true)
        case 3: self = .drain(number)
        case 4: self = .withdrawDrain(number)
        default: throw DecodingError.dataCorruptedError(in: container, debugDescription: "no such frame")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        switch self {
        case .hello: try container.encode(UInt64(0))
        case .job(let job, let put, let isLast):
            try container.encode(put << 3 | (isLast ? 2 : 1))
            try container.encode(job)
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

/// A job on its way to a consumer.
struct DeliveryFrame<Job: Codable & Sendable>: Sendable {
    var lease: UInt64
    var attempt: Int
    var isRedelivered: Bool
    /// Whether the consumer says that it begins before it does.
    var isSuspect: Bool
    var job: Job
}

extension DeliveryFrame: Codable {
    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        let word = try container.decode(UInt64.self)
        lease = word >> 3
        isRedelivered = word & 1 != 0
        isSuspect = word & 2 != 0
        attempt = word & 4 != 0 ? try container.decode(Int.self) : 1
        job = try container.decode(Job.self)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        let isLater = attempt > 1
        try container.encode(lease << 3 | (isLater ? 4 : 0) | (isSuspect ? 2 : 0) | (isRedelivered ? 1 : 0))
        if isLater { try container.encode(attempt) }
        try container.encode(job)
    }
}

/// What a consumer tells a work queue.
enum ConsumerRequest: Sendable, Equatable {
    /// It is there: nobody else will open this mailbox.
    case hello
    case acknowledge(UInt64)
    /// It could not do it; the job may be tried again, or not.
    case reject(UInt64, String, isRetried: Bool)
    /// It has forgotten it.
    case abandon(UInt64)
    /// It has not begun it.
    case giveBack(UInt64)
    /// It is about to begin it.
    case begin(UInt64)
    /// It takes no more, and has begun none after this one.
    case leave(UInt64)
}

extension ConsumerRequest: Codable {
    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        let word = try container.decode(UInt64.self)
        let lease = word >> 3
        switch word & 7 {
        case 0: self = .hello
        case 1: self = .acknowledge(lease)
        case 2: self = .reject(lease, try container.decode(String.self), isRetried: true)
        case 3: self = .reject(lease, try container.decode(String.self), isRetried: false)
        case 4: self = .abandon(lease)
        case 5: self = .giveBack(lease)
        case 6: self = .begin(lease)
        default: self = .leave(lease)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        switch self {
        case .hello: try container.encode(UInt64(0))
        case .acknowledge(let lease): try container.encode(lease << 3 | 1)
        case .reject(let lease, let reason, let isRetried):
            try container.encode(lease << 3 | (isRetried ? 2 : 3))
            try container.encode(reason)
        case .abandon(let lease): try container.encode(lease << 3 | 4)
        case .giveBack(let lease): try container.encode(lease << 3 | 5)
        case .begin(let lease): try container.encode(lease << 3 | 6)
        case .leave(let lease): try container.encode(lease << 3 | 7)
        }
    }
}
