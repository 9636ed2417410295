// What an agent does with an update or query of which it knows no more than that it is one.

extension AgentUpdate {
    /// Applies the update to the state in `store`, which must be of its type.
    func reply(from store: AnyObject, ifAfter updates: Int?) throws -> AgentReply {
        guard let store = store as? AgentStore<State> else {
            throw AgentError.foreign(Self.self, State.self, store)
        }
        return AgentReply(try store.apply(self, ifAfter: updates))
    }

    /// Opens a stream of such updates of the state in `store`, which must be of their type.
    static func open(
        on store: AnyObject, among writers: AgentWriters, in system: ProcessActorSystem
    ) async throws -> AgentReply {
        guard let store = store as? AgentStore<State> else {
            throw AgentError.foreign(Self.self, State.self, store)
        }
        return AgentReply(try await writers.open(Self.self, on: store, in: system))
    }
}

extension AgentQuery {
    private func store(_ store: AnyObject) throws -> AgentStore<State> {
        guard let store = store as? AgentStore<State> else {
            throw AgentError.foreign(Self.self, State.self, store)
        }
        return store
    }

    /// Reads from the state in `store`, which must be of its type.
    func reply(from store: AnyObject) throws -> AgentReply {
        AgentReply(try read(from: try self.store(store).now.value))
    }

    func snapshotReply(from store: AnyObject, incarnation: Int) throws -> AgentReply {
        let (value, updates) = try self.store(store).now
        let version = AgentVersion(incarnation: incarnation, updates: updates)
        return AgentReply(AgentSnapshot(try read(from: value), version: version))
    }

    /// Begins to watch what the query reads of the state in `store`.
    func watch(
        _ store: AnyObject, incarnation: Int, onlyDistinct: Bool, among watchers: AgentWatchers,
        in system: ProcessActorSystem
    ) async throws -> AgentReply {
        let store = try self.store(store)
        let source = AgentSource(
            incarnation: incarnation, onlyDistinct: onlyDistinct,
            read: {
                let (value, updates) = store.now
                return (try read(from: value), updates)
            },
            change: { try await store.change(after: $0, for: $1) }, forget: { store.forget($0) })
        return AgentReply(try await watchers.add(source, in: system))
    }
}

extension AgentError {
    fileprivate static func foreign(
        _ type: any Any.Type, _ state: any Any.Type, _ store: AnyObject
    ) -> AgentError {
        AgentError(
            .foreign, "\(type) is for a \(state), and the state is held by an \(Swift.type(of: store))")
    }
}
