import Distributed
import Glibc
import RoostTesting

// Actors that wait for each other.

/// Lets nobody through before all have come.
distributed actor Gate: ProcessActor {
    static var reentrancy: Reentrancy { .reentrant }
    private var waiting: [CheckedContinuation<Void, Never>] = []

    distributed func arrive(_ expected: Int) async {
        if waiting.count + 1 < expected {
            return await withCheckedContinuation { waiting.append($0) }
        }
        for waiter in waiting { waiter.resume() }
        waiting = []
    }
}

/// What came of a call that another one, made at the same time, may wait for.
struct Tied: Codable, Sendable {
    /// How often the other had been touched.
    var value: Int?
    var path: [String] = []
    var message = ""
    var milliseconds: Int
}

distributed actor Partner: ProcessActor {
    private var touched = 0

    distributed func touch() -> Int {
        touched += 1
        return touched
    }

    /// Calls `next` once all are here, and holds this actor until that is answered.
    distributed func tie(to next: Partner, at gate: Gate, _ count: Int) async throws -> Tied {
        try await gate.arrive(count)
        return try await timed { try await next.touch() }
    }

    /// The same with one-way messages, more than there is room for.
    distributed func flood(_ next: Partner, at gate: Gate, _ count: Int) async throws -> Tied {
        try await gate.arrive(count)
        return try await timed {
            for _ in 0..<5 { try await next.tell { try await $0.touch() } }
            return 0
        }
    }

    /// Has the other flood this one, and waits for that.
    distributed func flooded(by other: Partner, at gate: Gate) async throws -> Tied {
        try await other.flood(self, at: gate, 1)
    }

    private func timed(_ call: () async throws -> Int) async throws -> Tied {
        let begun = ContinuousClock.now
        func milliseconds() -> Int { Int(begun.duration(to: .now) / .milliseconds(1)) }
        do {
            let value = try await call()
            return Tied(value: value, milliseconds: milliseconds())
        } catch let error as RemoteCallError where error.code == .deadlock {
            return Tied(path: error.path, message: error.message, milliseconds: milliseconds())
        }
    }

    // Waits that take long, and are no deadlocks.

    distributed func sleep(milliseconds: Int) async throws -> Int {
        try await Task.sleep(for: .milliseconds(milliseconds))
        return 1
    }
    /// Each calls the next, and the last one sleeps.
    distributed func chain(_ rest: [Partner], milliseconds: Int) async throws -> Int {
        guard let next = rest.first else { return try await sleep(milliseconds: milliseconds) }
        return try await next.chain(Array(rest.dropFirst()), milliseconds: milliseconds) + 1
    }
    /// Calls the other, which calls back here, and so on; the last one sleeps.
    distributed func recur(over other: Partner, depth: Int, milliseconds: Int) async throws -> Int {
        if depth == 0 { return try await sleep(milliseconds: milliseconds) }
        return try await other.recur(over: self, depth: depth - 1, milliseconds: milliseconds) + 1
    }
    distributed func sleep(in other: Partner, milliseconds: Int) async throws -> Int {
        try await other.sleep(milliseconds: milliseconds)
    }
    /// Several calls at once, each of which calls back here.
    distributed func fan(over others: [Partner], milliseconds: Int) async throws -> Int {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for other in others {
                group.addTask { _ = try await other.sleep(in: self, milliseconds: milliseconds) }
            }
            try await group.waitForAll()
        }
        return others.count
    }
}

/// Serves its messages at the same time.
distributed actor Juggler: ProcessActor {
    static var reentrancy: Reentrancy { .reentrant }
    private var log: [String] = []
    private var held: [String: CheckedContinuation<Void, Never>] = [:]
    private var inside = 0
    private var most = 0

    /// Returns when it is released.
    distributed func hold(_ name: String) async throws -> String {
        log.append(name)
        await withCheckedContinuation { held[name] = $0 }
        try Task.checkCancellation()
        return name
    }
    distributed func release(_ name: String) { held.removeValue(forKey: name)?.resume() }
    distributed func begun() -> [String] { log }
    distributed func sleepForEver(_ signal: Signal) async throws { try await sleepUntilCancelled(signal) }

    distributed func note(_ number: Int) async throws {
        log.append("\(number)")
        inside += 1
        most = max(most, inside)
        try await Task.sleep(for: .milliseconds(number % 7))
        inside -= 1
    }
    distributed func mostAtOnce() -> Int { most }
    distributed func callBack(over relay: Partner) async throws -> Int { try await relay.touch(self) }
    distributed func answer() -> Int { 42 }
    distributed func pass(_ gate: Gate, _ count: Int, _ number: Int) async throws -> Int {
        log.append("\(number)")
        try await gate.arrive(count)
        return number
    }
    distributed func crash() -> Int { fatalError("as asked") }
    distributed func crash(after name: String) async throws {
        _ = try await hold(name)
        fatalError("as asked")
    }
}

extension Partner {
    distributed func touch(_ juggler: Juggler) async throws -> Int { try await juggler.answer() }
}
