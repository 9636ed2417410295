/// One life of the actor with some name, as ``ProcessActorSystem/lifecycle(of:)`` tells it.
///
/// ```swift
/// for await life in system.lifecycle(of: "packer-1") {
///     switch life.state {
///     case .running: print("number", life.number, "in process", life.processID ?? 0)
///     case .ended(let reason): print("number", life.number, reason)
///     }
/// }
/// ```
public struct Incarnation: Sendable, Hashable, Codable, CustomStringConvertible {
    /// How far it has come.
    public enum State: Sendable, Hashable, Codable {
        /// Its initialiser has finished: it takes messages.
        case running
        /// It is no more.
        case ended(ExitReason)
    }

    /// The actor's name.
    public var actor: String
    /// The actor's type.
    public var typeName: String
    /// Which incarnation of its actor, counted from 1; another actor with the same name begins anew.
    public var number: Int
    /// Its process id; nil for an actor in the node's own process, and when no process could be made.
    public var processID: Int32?
    /// How far it has come.
    public var state: State

    /// One line for a log.
    public var description: String {
        let process = processID.map { " [\($0)]" } ?? ""
        switch state {
        case .running: return "\(actor) (incarnation \(number))\(process) running"
        case .ended(let reason): return "\(actor) (incarnation \(number))\(process) \(reason)"
        }
    }
}

/// Puts in order what becomes known out of order: everything has its place from the moment it is expected.
struct OrderedNotices<Notice> {
    private var places: [Notice?] = []
    private var first = 0

    /// A place behind all others.
    mutating func reserve() -> Int {
        places.append(nil)
        return first + places.count - 1
    }

    /// Puts a notice in its place; returns what can be told now.
    mutating func fill(_ place: Int, with notice: Notice) -> [Notice] {
        places[place - first] = notice
        let ready = places.prefix { $0 != nil }.compactMap(\.self)
        places.removeFirst(ready.count)
        first += ready.count
        return ready
    }
}

/// Tells one listener of the lives of a name, each notice in the order of what happened.
///
/// The end of a life is told when its last message has been taken in, which can be after the next has begun.
final class LifecycleFeed: @unchecked Sendable {
    // @unchecked: everything that changes belongs to the loop of whoever tells.

    let name: String
    /// Its number at the node, for one in a worker.
    var request: UInt32?
    private var notices = OrderedNotices<(Incarnation, UInt64)>()
    private let tell: @Sendable (Incarnation, UInt64) -> Void
    private let end: @Sendable () -> Void

    /// - Parameters:
    ///   - name: the actor's.
    ///   - tell: gets each life, and the number of its process when that has ended, 0 otherwise.
    ///   - end: called when nothing follows any more.
    init(
        of name: String, tell: @escaping @Sendable (Incarnation, UInt64) -> Void,
        end: @escaping @Sendable () -> Void = {}
    ) {
        self.name = name
        self.tell = tell
        self.end = end
    }

    /// Tells of `life` when `wait` calls back, and not before what was added earlier has been told.
    func add(_ life: Incarnation, of process: UInt64, after wait: (@escaping () -> Void) -> Void) {
        let place = notices.reserve()
        wait { [self] in
            for (ready, process) in notices.fill(place, with: (life, process)) { tell(ready, process) }
        }
    }

    func finish() { end() }
}
