internal import RoostWire

/// What a spawned actor has done, as ``ProcessActorSystem/statistics(within:)`` tells it.
///
/// ```swift
/// let before = try await system.statistics()
/// try await work()
/// for (actor, earlier) in zip(try await system.statistics(), before) {
///     let meanwhile = actor.since(earlier)
///     print(actor.name, meanwhile.servedPerSecond, meanwhile.busyShare)
/// }
/// ```
/// The figures are those of the present incarnation, counted in its process from its beginning: they begin anew
/// with a restart, and what the dead one had counted and not told is lost with it. ``since(_:)`` makes those of an
/// interval of them. While an actor has no process, they are the last of the incarnation that ended.
public struct ActorStatistics: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The actor's name.
    public var name: String
    /// The actor's type.
    public var typeName: String
    /// Which incarnation the figures are of, counted from 1.
    public var incarnation: Int
    /// How often the actor has been restarted.
    public var restarts: Int
    /// Its process id; nil while it has no process, and for actors in the node's own.
    public var processID: Int32?

    /// How old the figures are: next to nothing for an actor that answered in time.
    ///
    /// One that computes, or is stopped, does not; the figures are then those it told last, or those of its
    /// beginning, which are zeros.
    public var age: Duration
    /// The time over which they were counted: from the start of the process, or from an earlier look.
    public var period: Duration

    /// Messages that came into the actor's mailbox, calls and one-way messages.
    public var received: Int
    /// Messages that it has begun to serve, the one under way included.
    public var served: Int
    /// Messages in the mailbox at this moment, without the one under way.
    public var waiting: Int
    /// Calls and one-way messages that its process has sent to other processes; answers are not counted.
    public var sent: Int
    /// Bytes its process has read from its sockets to other actors' processes, answers and frames included.
    public var bytesReceived: Int
    /// Bytes its process has written to these sockets.
    public var bytesSent: Int
    /// The time with a message under way, whether its method computed or waited.
    public var busy: Duration

    /// Messages begun per second, over the ``period``.
    public var servedPerSecond: Double { period > .zero ? Double(served) / (period / .seconds(1)) : 0 }

    /// The share of the ``period`` with a message under way, from 0 to 1.
    public var busyShare: Double { period > .zero ? min(1, busy / period) : 0 }

    /// What was done between an earlier look and this one.
    ///
    /// Totals become those of the interval between the two; ``waiting`` and ``age`` stay what they are. When the
    /// earlier figures are of another incarnation, these are returned unchanged: they count from its beginning.
    public func since(_ earlier: ActorStatistics) -> ActorStatistics {
        guard earlier.name == name, earlier.incarnation == incarnation, earlier.processID == processID else {
            return self
        }
        var difference = self
        difference.period -= earlier.period
        difference.received -= earlier.received
        difference.served -= earlier.served
        difference.sent -= earlier.sent
        difference.bytesReceived -= earlier.bytesReceived
        difference.bytesSent -= earlier.bytesSent
        difference.busy -= earlier.busy
        return difference
    }

    /// One line for a log.
    public var description: String {
        let process = processID.map { " [\($0)]" } ?? ""
        let share = Int((busyShare * 100).rounded())
        return """
            \(name)\(process): \(received) in, \(sent) out, \(waiting) waiting, \(served) served, \(share) % busy, \
            \(bytesReceived) bytes in, \(bytesSent) bytes out, \(restarts) restarts
            """
    }
}

extension ActorStatistics {
    /// Takes over what a process has counted.
    mutating func take(_ figures: FiguresRecord) {
        received = Int(clamping: figures.received)
        served = Int(clamping: figures.served)
        waiting = Int(clamping: figures.waiting)
        sent = Int(clamping: figures.sent)
        bytesReceived = Int(clamping: figures.bytesReceived)
        bytesSent = Int(clamping: figures.bytesSent)
        busy = .nanoseconds(Int64(clamping: figures.busy))
    }
}
