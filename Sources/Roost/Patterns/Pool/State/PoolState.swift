/// The scheduling of a pool: which tasks are served where, and which processes there are for them.
///
/// It decides; the doing is left to ``PoolCore``. Tasks come in *tickets*: a single one, or a chunk of a sequence.
/// Each task has exactly one outcome: it is *served* (by the report of a place), it *fails* (an action), or its
/// ticket is *abandoned* (by its owner). It is never at two places at a time.
///
/// A place is one process, from its start to its end:
///
/// | standing  | started     | has a call | freed                   | killed, stopped | ended              |
/// |-----------|-------------|------------|-------------------------|-----------------|--------------------|
/// | starting  | → available | –          | –                       | –               | (failed to start)  |
/// | available | –           | serves     | next call, or → leaving | → leaving       | once its call has been told of |
/// | leaving   | –           | finishes   | waits for its end       | –               | once its call has been told of |
struct PoolState {
    struct Rules: Sendable {
        var sizes: ClosedRange<Int>
        /// After how many tasks a process is replaced.
        var recycleAfter: Int?
        var backoff = Backoff()
        /// After how many failed starts in a row, with no process left, tasks are refused.
        var failedStarts = 3
        /// The longest pause before a process is started for one that ended without having done anything.
        var idlePause = Duration.milliseconds(250)
        /// So often a task is sent to a process that ends before it begins it.
        var misses = 10

        init(sizes: ClosedRange<Int>) {
            self.sizes = sizes
        }
    }

    enum Mode: Equatable, Sendable {
        /// The first processes are being started.
        case warmingUp
        case open
        /// Nothing new is served; the processes are ending.
        case stopping
        case stopped
    }

    enum Action: Equatable, Sendable {
        case start(place: Int)
        case serve(PoolAssignment, place: Int)
        /// Nobody wants the results of its call any more.
        case cancelCall(place: Int)
        /// Come back after the grace.
        case setGrace(place: Int, assignment: Int)
        case kill(place: Int)
        /// End it in order.
        case stop(place: Int)
        case setRestartTimer(Duration)
        /// Come back when it may have been idle for long: `served` says whether it was.
        case setIdleTimer(place: Int, assignment: Int)
        /// These tasks come to nothing.
        case fail(PoolSpan, PoolFate)
        /// All of the first processes are ready.
        case warm
        /// There is no task any more.
        case drained
        /// There is no process any more.
        case stopped
    }

    /// Why a task comes to nothing.
    enum PoolFate: Equatable, Sendable {
        /// Its process ended, once too often.
        case died(ExitReason, place: Int)
        /// There is no process for it, and none can be had.
        case unavailable
        /// The pool was stopped first; with the reason of its process's end when it was being served.
        case stopped(ExitReason?)
    }

    struct Ticket: Equatable, Sendable {
        /// How many of its tasks have no outcome yet.
        var open: Int
        var waiting: Int
        var attempts: Int
        /// Whether it may be served together with others.
        var isBatchable: Bool
    }

    var rules: Rules
    var mode = Mode.warmingUp
    var tickets: [Int: Ticket] = [:]
    var waiting = WaitingSpans()
    /// How many tasks wait.
    var waitingTasks = 0
    var places: [PoolPlaceState] = []
    /// How many processes there should be.
    var target: Int
    /// At most so many single tasks are served together.
    var batchLimit = 1
    var lastPlace = 0
    var lastAssignment = 0
    /// Starts that failed, in a row.
    var failedStarts = 0
    /// Processes that ended before they had served anything, in a row.
    var idleDeaths = 0
    var isRestartTimerSet = false
    /// No process can be had: tasks are refused until one is.
    var isUnavailable = false
    var isDraining = false

    init(_ rules: Rules) {
        self.rules = rules
        target = rules.sizes.lowerBound
    }

    /// How many processes there are that serve tasks, or will.
    var countedPlaces: Int { places.count { $0.isCounted } }
    var startedPlaces: Int { places.count { $0.standing == .available } }

    func index(of place: Int) -> Int? { places.firstIndex { $0.id == place } }

    // MARK: Life of the pool

    /// Starts the first processes.
    mutating func start() -> [Action] { ensurePlaces() }

    /// Has ``Action/drained`` said when there is no task any more.
    mutating func drain() -> [Action] {
        isDraining = true
        return drained()
    }

    mutating func drained() -> [Action] {
        guard isDraining, tickets.isEmpty else { return [] }
        isDraining = false
        return [.drained]
    }

    /// Ends the pool: tasks being served are finished, those that wait fail.
    mutating func stop() -> [Action] {
        guard mode == .open || mode == .warmingUp else { return [] }
        mode = .stopping
        var actions = failWaiting(.stopped(nil))
        for index in places.indices where places[index].standing == .available {
            places[index].standing = .leaving
            actions.append(.stop(place: places[index].id))
        }
        return actions + stopped()
    }

    mutating func stopped() -> [Action] {
        guard mode == .stopping, places.isEmpty else { return [] }
        mode = .stopped
        return failWaiting(.stopped(nil)) + [.stopped]
    }

    /// Changes how many processes there are.
    mutating func resize(to sizes: ClosedRange<Int>) -> [Action] {
        rules.sizes = sizes
        target = min(max(target, sizes.lowerBound), sizes.upperBound)
        var actions: [Action] = []
        // The last ones first: the first have the warmest caches. One that is starting goes when it has started.
        for index in places.indices.reversed() where startedPlaces > target && places[index].isIdle {
            actions += retire(index)
        }
        return actions + ensurePlaces() + dispatch()
    }
}
