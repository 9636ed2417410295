internal import Synchronization

/// Those who watch an agent, in its process.
final class AgentWatchers: Sendable {
    /// So many may have asked to watch and not begun.
    ///
    /// They may have been cancelled, or have died, in between, of which nobody tells. Of more, the first are given up.
    private static let maximumIdle = 64

    private struct Entry {
        /// Kept alive here.
        let watcher: any Sendable
        let forget: @Sendable () -> Void
        /// Waits for the watcher's end.
        var lifeline: Task<Void, Never>?
        var hasBegun = false
    }

    private struct State {
        var entries: [Int: Entry] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    /// How many watch.
    var count: Int { state.withLock { $0.entries.count { $0.value.hasBegun } } }

    /// Makes a watcher, which lasts until whoever opened its lifeline lets go of it, or dies.
    func add<Value: Codable & Sendable>(
        _ source: AgentSource<Value>, in system: ProcessActorSystem
    ) async throws -> AgentSubscription<Value> {
        let lifeline = try await system.makeMailbox(of: Bool.self, capacity: 1)
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        let watcher = AgentWatcher(
            source, number: number,
            begin: { [weak self, weak lifeline] in
                lifeline?.seal()
                self?.began(number)
            }, actorSystem: system)
        let task = Task.detached { [weak self] in
            while (try? await lifeline.next()) != nil {}
            self?.remove(number)
        }
        let givenUp = state.withLock { state in
            state.entries[number] = Entry(watcher: watcher, forget: { source.forget(number) }, lifeline: task)
            let idle = state.entries.filter { !$0.value.hasBegun }.keys
            return idle.count > Self.maximumIdle ? idle.min() : nil
        }
        if let givenUp { remove(givenUp) }
        return AgentSubscription(watcher: watcher, lifeline: lifeline.address)
    }

    private func began(_ number: Int) {
        state.withLock { $0.entries[number]?.hasBegun = true }
    }

    private func remove(_ number: Int) {
        // The watcher's deinitialiser must not run under the lock.
        let entry = state.withLock { $0.entries.removeValue(forKey: number) }
        entry?.lifeline?.cancel()
        entry?.forget()
    }
}

/// What a watcher reads, and how it waits for changes.
struct AgentSource<Value: Codable & Sendable>: Sendable {
    let incarnation: Int
    let onlyDistinct: Bool
    /// What there is now, and after how many updates.
    let read: @Sendable () throws -> (Value, updates: Int)
    /// Returns when there have been more updates than these; for the watcher with this number.
    let change: @Sendable (Int, Int) async throws -> Void
    /// The watcher with this number waits no longer.
    let forget: @Sendable (Int) -> Void
}

/// What a watcher is told when it begins: whom to ask, and what to hold as long as it watches.
struct AgentSubscription<Value: Codable & Sendable>: Codable, Sendable {
    let watcher: AgentWatcher<Value>
    let lifeline: MailboxAddress<Bool>
}
