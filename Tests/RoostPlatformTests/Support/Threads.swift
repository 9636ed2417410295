import RoostPlatform
import Synchronization

/// What several threads write down.
final class Log<Element: Sendable>: Sendable {
    private let storage = Mutex<[Element]>([])

    var entries: [Element] { storage.withLock { $0 } }

    func add(_ element: Element) { storage.withLock { $0.append(element) } }

    /// Adds an element and says how many there are.
    func count(adding element: Element) -> Int {
        storage.withLock {
            $0.append(element)
            return $0.count
        }
    }
}

/// A number that several threads add to.
final class Counter: Sendable {
    private let storage = Atomic<Int>(0)

    var value: Int { storage.load(ordering: .relaxed) }

    /// Adds one and returns the sum.
    @discardableResult
    func add() -> Int { storage.wrappingAdd(1, ordering: .relaxed).newValue }
}

/// Runs `body` on a thread that does nothing else, and waits for its end.
func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        do {
            try RuntimeThread.start(named: "test") { continuation.resume(with: Result(catching: body)) }
        } catch {
            continuation.resume(throwing: error)
        }
    }
}
