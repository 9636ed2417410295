internal import RoostWire

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

/// Tells one listener of what it follows, each notice in the order of what happened.
///
/// An end is told when the last message of whoever ended has been taken in: what comes after it waits as long.
final class NoticeFeed<Topic: Sendable, Notice: Codable & Sendable>: @unchecked Sendable {
    // @unchecked: everything that changes belongs to the loop of whoever tells.

    /// What is followed.
    let topic: Topic
    /// Its number at the node, for one in a worker.
    var request: UInt32?
    private var notices = OrderedNotices<(Notice, UInt64)>()
    private let tell: @Sendable (Notice, UInt64) -> Void
    private let end: @Sendable () -> Void

    /// - Parameters:
    ///   - topic: what is followed.
    ///   - tell: gets each notice, and the number of the process whose end it is about, 0 otherwise.
    ///   - end: called when nothing follows any more.
    init(
        of topic: Topic, tell: @escaping @Sendable (Notice, UInt64) -> Void,
        end: @escaping @Sendable () -> Void = {}
    ) {
        self.topic = topic
        self.tell = tell
        self.end = end
    }

    /// Tells `notice` when `wait` calls back, and not before what was added earlier has been told.
    func add(_ notice: Notice, of process: UInt64, after wait: (@escaping () -> Void) -> Void) {
        let place = notices.reserve()
        wait { [self] in
            for (ready, process) in notices.fill(place, with: (notice, process)) { tell(ready, process) }
        }
    }

    func finish() { end() }
}

/// A worker's end of any feed: what the node tells comes as bytes.
protocol RemoteFeed: AnyObject {
    var request: UInt32? { get set }
    /// Takes in a notice, and tells it once the last of the process it is about has been taken in.
    func take(_ bytes: [UInt8], of process: UInt64, by host: ActorHost)
    func finish()
}

extension NoticeFeed: RemoteFeed {
    func take(_ bytes: [UInt8], of process: UInt64, by host: ActorHost) {
        guard let notice = try? WireCoding.value(Notice.self, of: bytes) else { return }
        add(notice, of: process) { host.whenClosed(process, $0) }
    }
}
