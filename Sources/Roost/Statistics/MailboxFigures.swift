internal import RoostPlatform

/// What a mailbox counts: cheap enough to be always on.
///
/// The clock is looked at where a pause begins and where it ends, and not between two messages that follow each
/// other: under load it costs two additions a message.
struct MailboxFigures: Equatable {
    private(set) var received: UInt64 = 0
    private(set) var served: UInt64 = 0
    private var busy: UInt64 = 0
    private var busySince: Monotonic?

    /// A message has come.
    mutating func arrived() { received &+= 1 }

    /// The next message from the queue is begun.
    mutating func begins(at now: @autoclosure () -> Monotonic) {
        served &+= 1
        if busySince == nil { busySince = now() }
    }

    /// A message is begun on top of another.
    mutating func beginsNested() { served &+= 1 }

    /// There is nothing to serve just now.
    mutating func pauses(at now: @autoclosure () -> Monotonic) {
        guard let since = busySince else { return }
        busy &+= Self.nanoseconds(from: since, to: now())
        busySince = nil
    }

    /// Nanoseconds with a message under way, until now.
    func busy(at now: Monotonic) -> UInt64 {
        busy &+ (busySince.map { Self.nanoseconds(from: $0, to: now) } ?? 0)
    }

    private static func nanoseconds(from start: Monotonic, to end: Monotonic) -> UInt64 {
        end > start ? end.nanoseconds - start.nanoseconds : 0
    }
}

/// What a data socket counts.
struct Traffic: Equatable {
    /// Calls and one-way messages, without replies.
    var messagesSent: UInt64 = 0
    var bytesSent: UInt64 = 0
    var bytesReceived: UInt64 = 0

    static func += (a: inout Traffic, b: Traffic) {
        a.messagesSent &+= b.messagesSent
        a.bytesSent &+= b.bytesSent
        a.bytesReceived &+= b.bytesReceived
    }
}
