import Dispatch
import Distributed
import Glibc
import RoostTesting

// The actors that the tests of this bundle host. At file scope: a new process finds them by name.

struct Broken: Error, Codable, Equatable { var why: String }
struct Opaque: Error, CustomStringConvertible { var description: String { "no Codable here" } }
struct Point: Codable, Equatable, Sendable { var x: Double; var y: Double; var label: String? }
enum Shape: Codable, Equatable, Sendable {
    case circle(radius: Double)
    case polygon([Point])
    case nothing
}

distributed actor Echo: ProcessActor {
    private var log: [Int] = []

    distributed func echo(_ bytes: [UInt8]) -> [UInt8] { bytes }
    distributed func text(_ text: String, times: Int) -> String { String(repeating: text, count: times) }
    distributed func point(_ point: Point) -> Point { point }
    distributed func shape(_ shape: Shape) -> Shape { shape }
    distributed func nothing() {}
    distributed var size: Int { log.count }
    distributed func processID() -> Int32 { getpid() }
    distributed func parentID() -> Int32 { getppid() }
    distributed func generic<T: Codable & Sendable & Equatable>(_ a: T, _ b: T) -> [T] { [b, a] }
    distributed func throwsTyped() throws { throw Broken(why: "as asked") }
    distributed func throwsOpaque() throws { throw Opaque() }
    distributed func typedThrows(_ fail: Bool) throws(Broken) -> Int {
        if fail { throw Broken(why: "typed") }
        return 1
    }
    distributed func note(_ number: Int) { log.append(number) }
    distributed func noteSlowly(_ number: Int) async throws {
        log.append(-number)
        try await Task.sleep(for: .milliseconds(5))
        log.append(number)
    }
    distributed func notes() -> [Int] { log }
    distributed func sleep(milliseconds: Int) async throws -> Bool {
        try await Task.sleep(for: .milliseconds(milliseconds))
        return true
    }
    distributed func sleepForEver(_ started: Signal) async throws { try await sleepUntilCancelled(started) }
    distributed func onMainActor() async -> Bool { await MainActor.run { isFirstThread() } }
    distributed func onDispatch() async -> Int {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: 7) }
        }
    }
    distributed func inGroup() async -> Int {
        await withTaskGroup(of: Int.self) { group in
            for number in 1...10 {
                group.addTask {
                    await Task.yield(); return number
                }
            }
            return await group.reduce(0, +)
        }
    }
    /// Sends the signal to the whole process, and waits for the end it brings.
    distributed func raise(_ signal: Int32) {
        kill(getpid(), signal)
        while true { pause() }
    }
    /// Suspends no more once it has begun.
    distributed func computeForEver(_ started: Signal) async throws {
        try await started.fire("started")
        while true { pause() }
    }
    distributed func leave(_ code: Int32) { exit(code) }
    distributed func stopYourself() { context.stop() }
    distributed func failYourself() { context.fail(Broken(why: "on purpose")) }
    distributed func unencodable() -> Unencodable { Unencodable() }
    distributed func takes(_ value: Unencodable) {}
    distributed func takes(undecodable: Undecodable) {}
    distributed func noteSlowlyAndTell(_ signal: Signal) async throws -> String {
        try await signal.fire("serving")
        try await Task.sleep(for: .milliseconds(300))
        return "finished"
    }
    distributed func noteLarge(_ number: Int, _ filling: [UInt8]) { log.append(number) }
    /// Writes bytes that are no frame to every socket of this process but its control socket.
    distributed func writeGarbage() {
        let garbage = [UInt8](repeating: 0xFF, count: 64)
        for descriptor in 4..<64 as Range<Int32> { unsafe _ = send(descriptor, garbage, garbage.count, 0) }
        while true { pause() }
    }
    distributed func callerName() -> String? { context.caller?.name }
    distributed func remaining() -> Double? { context.remainingTime.map { $0 / .seconds(1) } }
}

/// Whether this is the process's first thread.
private func isFirstThread() -> Bool {
    var link = [CChar](repeating: 0, count: 64)
    let count = unsafe readlink("/proc/thread-self", &link, 63)
    let text = String(decoding: link.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.split(separator: "/").last.flatMap { Int32($0) } == getpid()
}

struct Unencodable: Codable, Sendable {
    init() {}
    init(from decoder: any Decoder) throws {}
    func encode(to encoder: any Encoder) throws { throw Broken(why: "cannot be encoded") }
}

struct Undecodable: Codable, Sendable {
    var value = 1
    init() {}
    init(from decoder: any Decoder) throws { throw Broken(why: "cannot be decoded") }
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}

distributed actor Counter: ProcessActor {
    struct Arguments: Codable, Sendable { var start: Int }
    private var value: Int
    init(_ arguments: Arguments, actorSystem: ActorSystem) {
        value = arguments.start
        self.actorSystem = actorSystem
    }
    distributed func add(_ amount: Int) -> Int { value += amount; return value }
    distributed func bump() { value += 1 }
    distributed func processID() -> Int32 { getpid() }
}

distributed actor Cell<Value: Codable & Sendable>: ProcessActor {
    typealias Arguments = Value
    private var value: Value
    init(_ value: Value, actorSystem: ActorSystem) {
        self.value = value
        self.actorSystem = actorSystem
    }
    distributed func get() -> Value { value }
    distributed func set(_ new: Value) { value = new }
    distributed func pair<Other: Codable & Sendable>(_ other: Other) -> Pair<Value, Other> {
        Pair(first: value, second: other)
    }
}

struct Pair<First: Codable & Sendable, Second: Codable & Sendable>: Codable, Sendable {
    var first: First
    var second: Second
}

/// Made in the node; others call it back.
distributed actor Signal {
    typealias ActorSystem = ProcessActorSystem
    private var fired: [String] = []
    private var waiters: [(String, CheckedContinuation<Void, Never>)] = []

    distributed func fire(_ what: String) {
        fired.append(what)
        for (_, waiter) in waiters.filter({ $0.0 == what }) { waiter.resume() }
        waiters.removeAll { $0.0 == what }
    }
    distributed func all() -> [String] { fired }

    distributed func waitFor(_ what: String) async {
        if fired.contains(what) { return }
        await withCheckedContinuation { waiters.append((what, $0)) }
    }
}

/// Follows the lives of a name from its own process, and keeps account.
distributed actor Biographer: ProcessActor {
    distributed func follow(_ name: String, until count: Int, _ signal: Signal) async throws -> [Incarnation]
    {
        var told: [Incarnation] = []
        let lives = actorSystem.lifecycle(of: name)
        try await signal.fire("following")
        for await life in lives {
            told.append(life)
            if told.count == count { break }
        }
        return told
    }
}

/// Says when it begins to sleep, and when it was cancelled.
func sleepUntilCancelled(_ signal: Signal) async throws {
    // One-way: a call's answer could come after the cancellation, which would then end the call.
    try await signal.tell { try await $0.fire("started") }
    do {
        try await Task.sleep(for: .seconds(1_000))
    } catch {
        try? await Task.detached { try await signal.fire("cancelled") }.value
        throw error
    }
}

/// Made in the node.
distributed actor Sleeper {
    typealias ActorSystem = ProcessActorSystem
    distributed func sleepForEver(_ signal: Signal) async throws { try await sleepUntilCancelled(signal) }
}

/// Talks to others from its own process.
distributed actor Relay: ProcessActor {
    /// The other calls back here, and that call sleeps.
    distributed func sleep(over other: Relay, _ signal: Signal) async throws {
        try await other.sleep(in: self, signal)
    }
    distributed func sleep(in other: Relay, _ signal: Signal) async throws {
        try await other.sleepForEver(signal)
    }
    distributed func sleepForEver(_ signal: Signal) async throws { try await sleepUntilCancelled(signal) }

    private var inner: Notebook?

    distributed func call(_ echo: Echo, _ number: Int) async throws -> [Int] {
        try await echo.note(number)
        return try await echo.notes()
    }
    distributed func tellMany(_ echo: Echo, _ numbers: Range<Int>) async throws {
        for number in numbers { try await echo.tell { try await $0.note(number) } }
    }
    distributed func processID(of echo: Echo) async throws -> Int32 { try await echo.processID() }
    /// Calls the other relay, which calls back here.
    distributed func roundTrip(over other: Relay, depth: Int) async throws -> Int {
        if depth == 0 { return 0 }
        return try await other.roundTrip(over: self, depth: depth - 1) + 1
    }
    distributed func makeNotebook() -> Notebook {
        let made = Notebook(actorSystem: actorSystem)
        inner = made
        return made
    }
    distributed func report(to signal: Signal, _ what: String) async throws { try await signal.fire(what) }
    distributed func find(_ name: String) async throws -> Counter {
        try await actorSystem.find(Counter.self, named: name)
    }
    distributed func endOf(_ counter: Counter, _ signal: Signal) async throws -> String {
        let watch = try await actorSystem.watch(counter)
        try await signal.fire("watching")
        return try await watch.value.description
    }
    /// Tells, and then computes without suspending until the file is there; whether it came in time.
    distributed func tellAndCompute(_ signal: Signal, until path: String, flushing: Bool) async throws -> Bool
    {
        try await signal.tell { try await $0.fire("told") }
        if flushing { await context.flush() }
        let start = ContinuousClock.now
        while unsafe access(path, F_OK) != 0 {
            if start.duration(to: .now) > .seconds(10) { return false }
            // A later send is what makes an earlier message leave when nothing else does.
            if !flushing { try await signal.tell { try await $0.fire("more") } }
        }
        return true
    }
    private var inside = 0
    private var mostInside = 0
    distributed func critical() async throws {
        inside += 1
        mostInside = max(mostInside, inside)
        try await Task.sleep(for: .milliseconds(2))
        inside -= 1
    }
    distributed func callBack(_ other: Relay) async throws { try await other.critical() }
    /// Several calls at once, each of which calls back here.
    distributed func parallelCallBacks(over others: [Relay]) async throws -> Int {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for other in others { group.addTask { try await other.callBack(self) } }
            try await group.waitForAll()
        }
        return mostInside
    }
    distributed func remainingOver(_ echo: Echo) async throws -> Double? { try await echo.remaining() }
    distributed func interrupted(by echo: Echo) async throws -> String {
        do {
            try await echo.raise(SIGKILL)
            return "no error"
        } catch let error as RemoteCallError {
            return "\(error.code) \(error.exitReason?.description ?? "-")"
        }
    }
}

/// Made inside a worker with its own initialiser.
distributed actor Notebook {
    typealias ActorSystem = ProcessActorSystem
    private var lines: [String] = []
    distributed func write(_ line: String) -> Int { lines.append(line); return lines.count }
    distributed func processID() -> Int32 { getpid() }
}

// Starts that do not succeed.

distributed actor ThrowsInInit: ProcessActor {
    init(_ arguments: NoArguments, actorSystem: ActorSystem) throws {
        self.actorSystem = actorSystem
        throw Broken(why: "in the initialiser")
    }
    init(actorSystem: ActorSystem) { self.actorSystem = actorSystem }
}

distributed actor NotNeeded: ProcessActor {
    init(_ arguments: NoArguments, actorSystem: ActorSystem) throws {
        self.actorSystem = actorSystem
        throw Ignore()
    }
    init(actorSystem: ActorSystem) { self.actorSystem = actorSystem }
}

distributed actor NeverReady: ProcessActor {
    init(_ arguments: NoArguments, actorSystem: ActorSystem) async throws {
        self.actorSystem = actorSystem
        try await Task.sleep(for: .seconds(1_000))
    }
    init(actorSystem: ActorSystem) { self.actorSystem = actorSystem }
}

distributed actor DiesInInit: ProcessActor {
    init(actorSystem: ActorSystem) {
        self.actorSystem = actorSystem
        raise(SIGKILL)
    }
}

distributed actor Prepared: ProcessActor {
    static func prepareProcess() async throws { unsafe _ = setenv("PREPARED", "yes", 1) }
    distributed func isPrepared() -> Bool { unsafe getenv("PREPARED") != nil }
}

distributed actor Unpreparable: ProcessActor {
    static func prepareProcess() async throws { throw Broken(why: "in prepareProcess") }
}

distributed actor PickyArguments: ProcessActor {
    typealias Arguments = Unencodable
    init(_ arguments: Unencodable, actorSystem: ActorSystem) { self.actorSystem = actorSystem }
}
