import Distributed
import Glibc
import Roost
import Synchronization

// Workers of the tests, and who sees what they do.

/// What a ``PoolHand`` is to do.
enum PoolJob: Codable, Sendable {
    case number(Int)
    /// Which process it is.
    case processID
    /// How many tasks this worker has been given.
    case count
    /// The first time it computes until it is killed; after that it is a number.
    case holdOnce(String, Int, PoolWitness)
    /// It computes until it is killed.
    case hold(String, PoolWitness)
    /// It waits until it is cancelled.
    case wait(String, PoolWitness)
    /// Tells, and ends its process with SIGKILL.
    case poison(String, PoolWitness)
    /// Ends its process.
    case exit(Int32)
    case fail(Int)
    case failOpaquely
    /// The worker's process is replaced after this one.
    case stopAfterwards
    /// Tells that it is there, and is a number.
    case tell(String, Int, PoolWitness)
}

/// Does what it is told.
distributed actor PoolHand: PoolWorker {
    private var served = 0

    distributed func perform(_ job: PoolJob) async throws -> Int {
        served += 1
        switch job {
        case .number(let number): return number
        case .processID: return Int(getpid())
        case .count: return served
        case .holdOnce(let task, let number, let witness):
            if try await witness.visit(task, getpid()) == 1 { computeUntilKilled() }
            return number
        case .hold(let task, let witness):
            // A cancellation that comes while it still waits for an answer would end it in peace.
            try await witness.tell { _ = try await $0.visit(task, getpid()) }
            await context.flush()
            computeUntilKilled()
        case .wait(let task, let witness):
            _ = try await witness.visit(task, getpid())
            await CancellableWait().wait()
            throw CancellationError()
        case .poison(let task, let witness):
            _ = try await witness.visit(task, getpid())
            kill(getpid(), SIGKILL)
            computeUntilKilled()
        case .exit(let code): Glibc.exit(code)
        case .fail(let number): throw Broken(why: "task \(number)")
        case .failOpaquely: throw Opaque()
        case .stopAfterwards:
            context.stop()
            return Int(getpid())
        case .tell(let task, let number, let witness):
            _ = try await witness.visit(task, getpid())
            return number
        }
    }

    private func computeUntilKilled() -> Never {
        while true { pause() }
    }
}

/// A wait that a cancellation ends.
private final class CancellableWait: Sendable {
    private let state = Mutex<(isOver: Bool, waiter: CheckedContinuation<Void, Never>?)>((false, nil))

    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if !state.isOver { state.waiter = continuation }
                    return state.isOver
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            end()
        }
    }

    private func end() {
        state.withLock { state in
            state.isOver = true
            return state.waiter.take()
        }?.resume()
    }
}

/// Made in the node: workers tell it what they begin, and in which process.
distributed actor PoolWitness: ProcessActor {
    static var reentrancy: Reentrancy { .reentrant }
    private var visits: [String: [Int32]] = [:]
    private var waiters: [(task: String, count: Int, continuation: CheckedContinuation<Int32, Never>)] = []

    /// Says how often the task has been begun, this time included.
    distributed func visit(_ task: String, _ processID: Int32) -> Int {
        visits[task, default: []].append(processID)
        let all = visits[task] ?? []
        for waiter in waiters where waiter.task == task && waiter.count <= all.count {
            waiter.continuation.resume(returning: all[waiter.count - 1])
        }
        waiters.removeAll { $0.task == task && $0.count <= all.count }
        return all.count
    }

    distributed func count(of task: String) -> Int { visits[task]?.count ?? 0 }

    /// The process in which the task was begun the `count`-th time; waits until it is.
    distributed func processID(of task: String, _ count: Int = 1) async -> Int32 {
        if let all = visits[task], all.count >= count { return all[count - 1] }
        return await withCheckedContinuation { waiters.append((task, count, $0)) }
    }
}

/// Squares; some numbers cannot be sent, and some not be read.
distributed actor PoolSquarer: PoolWorker {
    distributed func perform(_ number: Int) -> Int { number * number }
}

/// Gives back something that cannot be encoded for 3, and not be decoded for 5.
distributed actor PoolFussy: PoolWorker {
    distributed func perform(_ input: PoolFussyValue) -> PoolFussyValue {
        PoolFussyValue(
            number: input.number,
            flaw: input.number == 3 ? .unencodable : input.number == 5 ? .undecodable : .none)
    }
}

struct PoolFussyValue: Codable, Sendable, Equatable {
    enum Flaw: Int, Codable { case none, unencodable, undecodable }

    var number: Int
    var flaw = Flaw.none

    init(number: Int, flaw: Flaw = .none) {
        self.number = number
        self.flaw = flaw
    }

    func encode(to encoder: any Encoder) throws {
        if flaw == .unencodable { throw Broken(why: "\(number) cannot be encoded") }
        var container = encoder.unkeyedContainer()
        try container.encode(number)
        try container.encode(flaw)
    }

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        number = try container.decode(Int.self)
        flaw = try container.decode(Flaw.self)
        if flaw == .undecodable { throw Broken(why: "\(number) cannot be decoded") }
    }
}

/// Multiplies by what it was started with; cannot be started while a file is there.
distributed actor PoolMultiplier: PoolWorker {
    struct Arguments: Codable, Sendable {
        var factor: Int
        var obstacle: String?
    }

    private let factor: Int

    static func prepareProcess() async throws { unsafe _ = setenv("POOL_PREPARED", "yes", 1) }

    init(_ arguments: Arguments, actorSystem: ActorSystem) throws {
        self.actorSystem = actorSystem
        factor = arguments.factor
        if let obstacle = arguments.obstacle, unsafe access(obstacle, F_OK) == 0 {
            throw Broken(why: "an obstacle")
        }
    }

    distributed func perform(_ number: Int) throws -> Int {
        guard unsafe getenv("POOL_PREPARED") != nil else { throw Broken(why: "not prepared") }
        return number * factor
    }
}

/// Cannot be started.
distributed actor PoolUnstartable: PoolWorker {
    init(_ arguments: NoArguments, actorSystem: ActorSystem) throws {
        self.actorSystem = actorSystem
        throw Broken(why: "in the initialiser")
    }
    init(actorSystem: ActorSystem) { self.actorSystem = actorSystem }
    distributed func perform(_ number: Int) -> Int { number }
}

/// Uses and makes pools in a process of its own.
distributed actor PoolClient: ProcessActor {
    private var own: ActorPool<PoolHand>?

    distributed func squares(_ pool: ActorPool<PoolSquarer>, upTo count: Int) async throws -> [Int] {
        var squares: [Int] = []
        for try await square in pool.map(1...count) { squares.append(square) }
        return squares
    }
    distributed func sumUnordered(_ pool: ActorPool<PoolSquarer>, upTo count: Int) async throws -> Int {
        var sum = 0
        for try await done in pool.mapUnordered(1...count) { sum += done.value }
        return sum
    }
    distributed func perform(_ pool: ActorPool<PoolHand>, _ job: PoolJob) async throws -> Int {
        try await pool.perform(job)
    }
    distributed func submitAndCancel(
        _ pool: ActorPool<PoolHand>, _ job: PoolJob, _ task: String, _ witness: PoolWitness
    ) async throws -> Bool {
        let submitted = try await pool.submit(job)
        _ = try await witness.processID(of: task)
        submitted.cancel()
        do {
            _ = try await submitted.value
            return false
        } catch is CancellationError {
            return submitted.state == .cancelled
        }
    }
    distributed func makePool(size: Int) async throws -> ActorPool<PoolHand> {
        let pool = try await actorSystem.makePool(of: PoolHand.self, size: PoolSize(size))
        own = pool
        return pool
    }
    distributed func processID() -> Int32 { getpid() }
}

/// A gate that stays open once it is.
distributed actor PoolGate: ProcessActor {
    static var reentrancy: Reentrancy { .reentrant }
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    distributed func open() {
        isOpen = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }
    distributed func pass() async {
        if isOpen { return }
        await withCheckedContinuation { waiters.append($0) }
    }
}

/// Serves a task by waiting at a gate, which may be called by many workers.
distributed actor PoolGatekeeper: PoolWorker {
    struct Task: Codable, Sendable {
        var task: String
        var gate: PoolGate
        var witness: PoolWitness
    }

    distributed func perform(_ task: Task) async throws -> String {
        _ = try await task.witness.visit(task.task, 0)
        try await task.gate.pass()
        return task.task
    }
}

extension SystemEvent.Kind {
    var isTermination: Bool {
        if case .terminated = self { return true }
        return false
    }
}

/// Sends a pool elsewhere what cannot be sent.
distributed actor PoolFussyClient: ProcessActor {
    distributed func codes(_ pool: ActorPool<PoolFussy>) async throws -> [String] {
        // What cannot be decoded is made where it is encoded.
        let inputs = (0..<20).map {
            PoolFussyValue(number: $0, flaw: $0 == 11 ? .unencodable : $0 == 17 ? .undecodable : .none)
        }
        var codes: [String] = []
        for try await outcome in pool.map(inputs, chunk: .size(20)).results {
            guard case .failure(let error) = outcome.result else { continue }
            codes.append("\(outcome.index) \((error as? RemoteCallError)?.code.description ?? "\(error)")")
        }
        return codes
    }
}
