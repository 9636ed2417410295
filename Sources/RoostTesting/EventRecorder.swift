public import Roost
internal import Synchronization

/// Records a system's events and waits for the ones a test needs: instead of sleeping.
public final class EventRecorder: Sendable {
    private struct State {
        var events: [SystemEvent] = []
        var waiters: [Waiter] = []
        var isFinished = false
    }

    private struct Waiter {
        let number: Int
        let condition: @Sendable ([SystemEvent]) -> Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    private let state = Mutex(State())
    private let numbers = Atomic<Int>(0)
    private let reader = Mutex<Task<Void, Never>?>(nil)

    init(_ stream: AsyncStream<SystemEvent>) {
        let task = Task.detached { [self] in
            for await event in stream { record(event) }
            end()
        }
        reader.withLock { $0 = task }
    }

    /// What has been recorded, in order.
    public var all: [SystemEvent] { state.withLock { $0.events } }

    /// How many events satisfy the condition so far.
    public func count(_ condition: (SystemEvent) -> Bool) -> Int { all.count(where: condition) }

    /// Waits until at least `count` recorded events satisfy the condition.
    ///
    /// - Throws: ``NoSuchEvent`` when that has not happened after `limit`, or never will.
    public func wait(
        for description: String, count: Int = 1, within limit: Duration = .seconds(20),
        where condition: @escaping @Sendable (SystemEvent) -> Bool
    ) async throws {
        let number = numbers.wrappingAdd(1, ordering: .relaxed).newValue
        let timeout = Task { [self] in
            try await Task.sleep(for: limit)
            take(number)?.continuation.resume(returning: false)
        }
        defer { timeout.cancel() }
        let happened = await withCheckedContinuation { continuation in
            let answer: Bool? = state.withLock { state in
                let reached: @Sendable ([SystemEvent]) -> Bool = { $0.count(where: condition) >= count }
                if reached(state.events) { return true }
                if state.isFinished { return false }
                state.waiters.append(
                    Waiter(number: number, condition: reached, continuation: continuation))
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
        if !happened { throw NoSuchEvent(what: description, count: count, limit: limit) }
    }

    private func record(_ event: SystemEvent) {
        let ready = state.withLock { state in
            state.events.append(event)
            let ready = state.waiters.filter { $0.condition(state.events) }
            state.waiters.removeAll { waiter in ready.contains { $0.number == waiter.number } }
            return ready
        }
        for waiter in ready { waiter.continuation.resume(returning: true) }
    }

    private func take(_ number: Int) -> Waiter? {
        state.withLock { state in
            guard let index = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
            return state.waiters.remove(at: index)
        }
    }

    private func end() {
        let left = state.withLock { state in
            state.isFinished = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in left { waiter.continuation.resume(returning: false) }
    }

    /// Waits until the last event has been recorded.
    func finish() async {
        await reader.withLock { $0 }?.value
    }
}

/// An event a test waited for did not happen.
public struct NoSuchEvent: Error, CustomStringConvertible {
    let what: String
    let count: Int
    let limit: Duration

    /// What was waited for, and how long.
    public var description: String { "\(count) × \(what) did not happen within \(limit)" }
}
