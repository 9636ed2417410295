public import Distributed

/// A process that holds one value, which others read, change and watch: from anywhere, safely, one at a time.
///
/// ```swift
/// let settings = try await system.makeAgent(Settings(theme: "dark"), named: "settings")
/// try await settings.update(Settings.SetTheme("light"))
/// let theme = try await settings.value.theme
/// for try await snapshot in settings.changes() { print(snapshot.value.theme) }
/// ```
/// A change is a value too, an ``AgentUpdate``, and is applied where the state is; so nothing is lost when many change
/// the same thing. Agents of numbers count, and agents of arrays, dictionaries and sets have operations on their
/// elements, which send the element and not the collection.
///
/// An agent is an actor like any other: it is its own reference, is sent in messages, found with
/// `system.find(Agent<Settings>.self, named: "settings")`, and may be a `Child` of a supervisor, with the initial state
/// as its arguments.
///
/// The state is in the agent's process and dies with it. That is reported: updates under way fail with
/// `.interrupted` and the exit reason, and the next incarnation, which begins from the initial state, says that it is a
/// new one, in ``status``, in every ``AgentVersion`` and in ``changes()``. A client that dies, in the middle of an
/// update too, holds up nobody.
///
/// The idea is that of Elixir's `Agent`.
public distributed actor Agent<State: Codable & Sendable>: ProcessActor {
    /// The state to begin with, in every incarnation.
    public typealias Arguments = State

    private let store: AgentStore<State>
    private let watchers = AgentWatchers()
    private let writers = AgentWriters()
    private var knownIncarnation: Int?

    /// Makes an agent; in the process that calls this, which ``ProcessActorSystem/makeAgent(_:named:options:)``
    /// does not.
    public init(_ initial: State, actorSystem: ActorSystem) {
        store = AgentStore(initial)
        self.actorSystem = actorSystem
    }

    // MARK: What is sent to it; typed methods wrap these

    distributed func apply(_ message: AgentUpdateMessage) throws -> AgentReply {
        do {
            return try message.update.reply(from: store, ifAfter: nil)
        } catch let error as AgentError {
            throw named(error)
        }
    }

    distributed func apply(_ message: AgentUpdateMessage, to version: AgentVersion) async throws -> AgentReply
    {
        let incarnation = await incarnation()
        do {
            let updates = version.incarnation == incarnation ? version.updates : -1
            return try message.update.reply(from: store, ifAfter: updates)
        } catch var error as AgentError {
            if error.code == .changed {
                let now = AgentVersion(incarnation: incarnation, updates: store.updates)
                error.message = "the state is \(now), and was to be \(version)"
                error.version = now
            }
            throw named(error)
        }
    }

    distributed func answer(_ message: AgentQueryMessage) throws -> AgentReply {
        do {
            return try message.query.reply(from: store)
        } catch let error as AgentError {
            throw named(error)
        }
    }

    distributed func snapshotReply(_ message: AgentQueryMessage) async throws -> AgentReply {
        let incarnation = await incarnation()
        do {
            return try message.query.snapshotReply(from: store, incarnation: incarnation)
        } catch let error as AgentError {
            throw named(error)
        }
    }

    distributed func watch(_ message: AgentQueryMessage, onlyDistinct: Bool) async throws -> AgentReply {
        let incarnation = await incarnation()
        do {
            return try await message.query.watch(
                store, incarnation: incarnation, onlyDistinct: onlyDistinct, among: watchers, in: actorSystem)
        } catch let error as AgentError {
            throw named(error)
        }
    }

    distributed func openStream(_ message: AgentWriterMessage) async throws -> AgentReply {
        do {
            return try await message.type.open(on: store, among: writers, in: actorSystem)
        } catch let error as AgentError {
            throw named(error)
        }
    }

    distributed func streamBegan(_ number: Int) { writers.began(number) }

    distributed func streamResult(_ number: Int) async -> AgentWriterResult? {
        await writers.result(of: number)
    }

    distributed func currentStatus() async -> AgentStatus {
        let incarnation = await incarnation()
        return AgentStatus(
            version: AgentVersion(incarnation: incarnation, updates: store.updates), watchers: watchers.count)
    }

    private func named(_ error: AgentError) -> AgentError {
        var error = error
        if error.agent.isEmpty { error.agent = id.name }
        return error
    }

    /// Asked of the node once, when somebody wants to know.
    private func incarnation() async -> Int {
        if let knownIncarnation { return knownIncarnation }
        let incarnation = await Self.incarnation(of: self, id, actorSystem)
        knownIncarnation = incarnation
        return incarnation
    }

    /// One that was made with its own initialiser has no next incarnation.
    private static func incarnation(of agent: Agent, _ id: ActorID, _ system: ActorSystem) async -> Int {
        guard let found = try? await system.find(Agent.self, named: id.name), found.id == id else { return 1 }
        for await life in system.lifecycle(of: id.name) where life.state == .running { return life.number }
        return 1
    }
}

extension ProcessActorSystem {
    /// Starts an agent, in a process of its own, supervised like any actor.
    ///
    /// - Parameters:
    ///   - initial: the state that every incarnation begins with.
    ///   - name: unique among the actors that are alive; made from the type if nil.
    ///   - options: how it is supervised.
    /// - Returns: a reference, valid for all its incarnations.
    /// - Throws: ``SpawnError``.
    public func makeAgent<State: Codable & Sendable>(
        _ initial: State, named name: String? = nil, options: SpawnOptions = SpawnOptions()
    ) async throws -> Agent<State> {
        try await spawn(Agent<State>.self, named: name, initial, options: options)
    }
}
