import Distributed
import RoostTesting

/// Works with groups from a process of its own.
distributed actor Clerk: ProcessActor {
    private var made: [Notebook] = []

    distributed func join(_ echo: Echo, to group: ActorGroup<Echo>) async throws {
        try await group.join(echo)
    }
    distributed func leave(_ echo: Echo, _ group: ActorGroup<Echo>) async throws {
        try await group.leave(echo)
    }
    distributed func members(of group: ActorGroup<Echo>) async throws -> [Echo] { try await group.members() }
    distributed func tell(_ group: ActorGroup<Echo>, _ number: Int) async throws -> Int {
        try await group.tell { try await $0.note(number) }
    }
    distributed func joinYourself(to name: String) async throws {
        try await actorSystem.group(of: Clerk.self, named: name).join(self)
    }

    /// What is told of the group until there have been so many changes; the first is who is present.
    distributed func follow(_ group: ActorGroup<Echo>, until count: Int, _ signal: Signal) async throws
        -> [String]
    {
        var told: [String] = []
        for await change in group.changes {
            told.append(change.description)
            if told.count == 1 { try await signal.fire("following") }
            if told.count == count { break }
        }
        return told
    }

    /// Makes an actor here that is a member.
    distributed func makeMember(of group: ActorGroup<Notebook>) async throws -> Notebook {
        let notebook = Notebook(actorSystem: actorSystem)
        made.append(notebook)
        try await group.join(notebook)
        return notebook
    }
    distributed func makeNotebook() -> Notebook {
        let notebook = Notebook(actorSystem: actorSystem)
        made.append(notebook)
        return notebook
    }
    distributed func letGo() { made.removeFirst() }

    distributed func statistics() async throws -> [ActorStatistics] {
        try await actorSystem.statistics(within: .seconds(20))
    }
    distributed func deadLetters() async throws -> DeadLetterCounts { try await actorSystem.deadLetters() }
}
