internal import RoostWire

/// What the actors of one process have waited for, for a while now.
///
/// All of it was true at some moment between `begun` and `ended`, on the machine's monotonic clock.
struct WaitReport: Codable, Equatable, Sendable {
    var begun: UInt64
    var ended: UInt64
    /// Those that wait for somebody.
    var actors: [Actor]

    /// An actor that serves messages which wait.
    struct Actor: Codable, Equatable, Sendable {
        var key: ActorKey
        var name: String
        var isReentrant = false
        var waits: [Wait] = []
        var queue = Queue()
    }

    /// A call that a message being served waits for.
    struct Wait: Codable, Equatable, Sendable {
        /// Unique in its process.
        var number: UInt64
        /// The place of the message among those under way in the actor.
        var level: Int
        /// The call that the message is; nil when nobody waits for it.
        var serves: CallName?
        var callee: ActorKey
        /// How often the callee stands on the path of the call.
        var calleeLevel: Int
        /// What the call is called over there; nil while it has not left.
        var sent: CallName?
        var made: UInt64
        /// A message nobody will answer: it waits for room only.
        var isOneWay = false
    }

    /// Calls that wait for their turn, as lists that are quickly coded.
    struct Queue: Codable, Equatable, Sendable {
        /// More are not told: a circle through those is not found before the queue is shorter.
        static let limit = 4_096

        private var callers: [UInt64] = []
        private var numbers: [UInt64] = []
        private var levels: [Int] = []

        init() {}

        var count: Int { numbers.count }

        mutating func append(_ call: CallName, level: Int) {
            callers.append(call.caller)
            numbers.append(call.number)
            levels.append(level)
        }

        /// The calls, each with the level it is queued for, in the process `callee`.
        func levels(in callee: UInt64) -> [CallName: Int] {
            var result: [CallName: Int] = [:]
            for ((caller, number), level) in zip(zip(callers, numbers), levels) {
                result[CallName(caller: caller, callee: callee, number: number)] = level
            }
            return result
        }
    }
}
