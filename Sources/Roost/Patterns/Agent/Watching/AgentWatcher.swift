internal import Distributed

/// Gives changes of an agent's state to one who watches; lives in the agent's process.
///
/// It is an actor with a mailbox of its own, so that one who waits holds up nobody.
distributed actor AgentWatcher<Value: Codable & Sendable> {
    typealias ActorSystem = ProcessActorSystem

    private let source: AgentSource<Value>
    private let number: Int
    private let begin: @Sendable () -> Void
    private var cursor: AgentCursor<Value>

    init(
        _ source: AgentSource<Value>, number: Int, begin: @escaping @Sendable () -> Void,
        actorSystem: ActorSystem
    ) {
        self.source = source
        self.number = number
        self.begin = begin
        cursor = AgentCursor(onlyDistinct: source.onlyDistinct, isSame: Self.isSame)
        self.actorSystem = actorSystem
    }

    /// What there is now, or as soon as it is another than what the one who asks had last.
    distributed func next(after updates: Int?) async throws -> AgentSnapshot<Value> {
        begin()
        cursor.asked(after: updates)
        while true {
            let (value, updates) = try source.read()
            if cursor.gives(value, after: updates) {
                let version = AgentVersion(incarnation: source.incarnation, updates: updates)
                return AgentSnapshot(value, version: version)
            }
            try await source.change(updates, number)
        }
    }

    private static func isSame(_ a: Value, _ b: Value) -> Bool {
        func isEqual<T: Equatable>(_ a: T) -> Bool { b as? T == a }
        return (a as? any Equatable).map { isEqual($0) } ?? false
    }
}
