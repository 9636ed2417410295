/// A process of a pool, as its scheduling knows it.
struct PoolPlaceState: Equatable, Sendable {
    enum Standing: Equatable, Sendable {
        /// Its process is being started.
        case starting
        /// It serves tasks, or could.
        case available
        /// It is to end, or is ending: it gets no more tasks.
        case leaving
    }

    /// What it was given to serve, and how far that is.
    enum Call: Equatable, Sendable {
        case underWay(PoolAssignment)
        /// Nobody wants the results any more; it may still be computing.
        case cancelled(PoolAssignment)
        /// The process ended, after it began to serve or before.
        case lost(PoolAssignment, begun: Bool)

        var assignment: PoolAssignment {
            switch self {
            case .underWay(let assignment), .cancelled(let assignment), .lost(let assignment, _): assignment
            }
        }
    }

    let id: Int
    var standing = Standing.starting
    var call: Call?
    /// Why its process ended, once it has.
    var end: ExitReason?
    /// How many tasks this process has served.
    var served = 0
    /// The number of what it was given last.
    var lastAssignment = 0
    /// Whether the pool had it killed, so that its end says nothing about the tasks.
    var isKilled = false

    init(id: Int) {
        self.id = id
    }

    /// Whether it is one of those that the pool is to have.
    var isCounted: Bool { standing != .leaving }
    var isIdle: Bool { standing == .available && call == nil && end == nil }

    /// Whether an answer to its call is still to come.
    var isCalled: Bool {
        switch call {
        case .underWay, .cancelled: true
        case .lost, nil: false
        }
    }
}

/// Tasks that a place serves together, in their order.
struct PoolAssignment: Equatable, Sendable {
    /// Tells it from all others of the pool.
    var number: Int
    var spans: [PoolSpan]

    var count: Int { spans.reduce(0) { $0 + $1.count } }
}
