internal import Distributed

/// The states of an ``Agent``, one after another: the present one first, then each change.
///
/// ```swift
/// for try await snapshot in agent.changes() {
///     if snapshot.isNew { print("the agent was started anew") }
///     print(snapshot.version, snapshot.value)
/// }
/// ```
/// A reader that is slow misses states and gets the newest: nothing is kept for it, and it never holds up the agent.
/// When the agent dies the sequence goes on with its next incarnation, whose first state says that it is new. When the
/// agent is gone for good, reading throws ``RemoteCallError`` with `.terminated`.
///
/// Every iteration watches for itself, and has the agent forget it when it is let go of or its process ends.
public struct AgentChanges<Value: Codable & Sendable>: AsyncSequence, Sendable {
    /// A state, and which one it is.
    public typealias Element = AgentSnapshot<Value>

    let subscribe: @Sendable () async throws -> AgentSubscription<Value>

    /// Begins to watch, with the first element that is asked for.
    public func makeAsyncIterator() -> Iterator {
        Iterator(subscribe: subscribe)
    }

    /// Gives out the states of an agent.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let subscribe: @Sendable () async throws -> AgentSubscription<Value>
        private var link: Link?
        private var last: AgentVersion?

        fileprivate init(subscribe: @escaping @Sendable () async throws -> AgentSubscription<Value>) {
            self.subscribe = subscribe
        }

        /// One incarnation's watcher, which is forgotten there when the lifeline is let go of here.
        private struct Link: Sendable {
            let watcher: AgentWatcher<Value>
            let lifeline: MailboxSender<Bool>
            var updates: Int?
        }

        /// The present state, if it was not given out yet, or the next change; never nil.
        ///
        /// - Throws: what the query throws; ``RemoteCallError`` with `.terminated` when the agent is gone for good;
        ///   `CancellationError`. It can be asked again afterwards.
        public mutating func next() async throws -> AgentSnapshot<Value>? {
            try await next(isolation: nil)
        }

        /// The present state, if it was not given out yet, or the next change; never nil.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(any Error) -> AgentSnapshot<Value>? {
            while true {
                if self.link == nil { self.link = try await Self.link(by: subscribe) }
                guard var link = self.link else { continue }
                do {
                    var snapshot = try await link.watcher.next(after: link.updates)
                    link.updates = snapshot.version.updates
                    self.link = link
                    snapshot.isNew = last.map { $0.incarnation != snapshot.version.incarnation } ?? false
                    last = snapshot.version
                    return snapshot
                } catch let error as RemoteCallError where error.saysThatItEnded {
                    // With its process: the next incarnation is watched from its beginning.
                    self.link = nil
                }
            }
        }

        private static func link(
            by subscribe: @Sendable () async throws -> AgentSubscription<Value>
        ) async throws -> Link {
            while true {
                do {
                    let subscription = try await subscribe()
                    do {
                        let lifeline = try await subscription.lifeline.open()
                        return Link(watcher: subscription.watcher, lifeline: lifeline)
                    } catch let error as RemoteCallError where error.saysThatItEnded {
                        // Between the two steps; the next incarnation is asked.
                    }
                } catch let error as RemoteCallError where error.code == .interrupted {
                    // While it was asked; the next incarnation is asked.
                }
            }
        }
    }
}

extension RemoteCallError {
    /// Whether it is because its receiver, which has one incarnation only, is no more.
    fileprivate var saysThatItEnded: Bool {
        [.interrupted, .terminated, .notDelivered].contains(code)
    }
}

extension Agent {
    /// The states of the agent: the present one first, then each change.
    public nonisolated func changes() -> AgentChanges<State> {
        changes(AgentWhole(), onlyDistinct: false)
    }

    /// What a query reads of the agent's states: of the present one first, then each time it is another.
    public nonisolated func changes<Q: AgentQuery>(
        of query: Q
    ) -> AgentChanges<Q.Result> where Q.State == State, Q.Result: Equatable {
        changes(query, onlyDistinct: true)
    }

    private nonisolated func changes<Q: AgentQuery>(
        _ query: Q, onlyDistinct: Bool
    ) -> AgentChanges<Q.Result> where Q.State == State {
        let message = AgentQueryMessage(query)
        return AgentChanges {
            try await AgentReply.result(AgentSubscription<Q.Result>.self) {
                try await self.watch(message, onlyDistinct: onlyDistinct)
            }
        }
    }
}

extension Agent where State: AgentFields {
    /// The values of a field: the present one first, then each time it is another.
    ///
    /// - Throws: ``AgentError`` with `.noSuchField` when the state does not list the key path.
    public nonisolated func changes<Value: Codable & Sendable & Equatable>(
        of field: KeyPath<State, Value>
    ) throws -> AgentChanges<Value> {
        changes(of: try AgentFieldQuery(field: AgentField(field)))
    }
}
