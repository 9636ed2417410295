import Distributed
import Glibc
import RoostTesting

// States and updates that the tests of agents use, and actors that are their clients.

struct Look: Codable, Sendable, Equatable, AgentFields {
    var theme: String
    var volume = 5
    var hits = 0
    var owner = Owner()
    var notListed = 1

    struct Owner: Codable, Sendable, Equatable {
        var name = "nobody"
        var tags: [String: [Int]] = [:]

        struct Tag: AgentUpdate {
            var key: String
            var number: Int
            func apply(to owner: inout Owner) { owner.tags[key, default: []].append(number) }
        }
    }

    static var fields: [PartialKeyPath<Look>] { [\.theme, \.volume, \.hits, \.owner, \.owner.name] }

    struct SetTheme: AgentUpdate {
        var theme: String
        init(_ theme: String) { self.theme = theme }
        func apply(to look: inout Look) { look.theme = theme }
    }

    /// Changes half of it, and throws.
    struct Spoil: AgentUpdate {
        func apply(to look: inout Look) throws {
            look.theme = "spoilt"
            throw Broken(why: "half way")
        }
    }

    struct IsLoud: AgentQuery {
        func read(from look: Look) -> Bool { look.volume > 8 }
    }
}

/// Adds one, and ends another process while that is under way.
struct AddAndKill: AgentUpdate {
    var processID: Int32
    func apply(to number: inout Int) -> Int {
        kill(processID, SIGKILL)
        number += 1
        return number
    }
}

/// The end of the agent's process, in the midst of an update.
struct End: AgentUpdate {
    var how: How
    enum How: Codable, Sendable { case signal(Int32), exit(Int32) }
    func apply(to number: inout Int) {
        number = 1_000
        switch how {
        case .signal(let signal): raise(signal)
        case .exit(let code): exit(code)
        }
    }
}

struct ForString: AgentUpdate {
    func apply(to text: inout String) { text = "changed" }
}

/// An update that cannot be read where it is to be applied.
struct Unreadable: AgentUpdate {
    init() {}
    init(from decoder: any Decoder) throws { throw Broken(why: "on the way") }
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(1)
    }
    func apply(to number: inout Int) { number = -1 }
}

struct Holdings: Codable, Sendable {
    var blob: Blob
    var counter: Agent<Int>

    struct Exchange: AgentUpdate {
        var blob: Blob
        func apply(to holdings: inout Holdings) -> Holdings {
            defer { holdings.blob = blob }
            return holdings
        }
    }
}

/// Uses agents from a process of its own.
distributed actor AgentClient: ProcessActor {
    private var watching: Task<Void, any Error>?

    distributed func processID() -> Int32 { getpid() }

    distributed func increment(_ agent: Agent<Int>, times: Int) async throws {
        for _ in 0..<times { try await agent.increment() }
    }

    distributed func post(_ agent: Agent<Int>, times: Int) async throws {
        for _ in 0..<times { try await agent.postIncrement() }
        _ = try await agent.value
    }

    distributed func stream(_ agent: Agent<Int>, times: Int) async throws {
        let writer = try await agent.openWriter(for: Increment<Int>.self)
        for _ in 0..<times { try await writer.send(Increment()) }
        _ = try await writer.finish()
    }

    /// Sends updates and does not end the stream.
    distributed func streamAndWait(_ agent: Agent<Int>, times: Int) async throws {
        let writer = try await agent.openWriter(for: Increment<Int>.self)
        for _ in 0..<times { try await writer.send(Increment()) }
        await context.flush()
        opened = writer
    }
    private var opened: AgentWriter<Increment<Int>>?

    distributed func hit(_ agent: Agent<Look>, times: Int) async throws {
        for _ in 0..<times { try await agent.increment(\.hits) }
    }

    /// The update ends this process while it is under way.
    distributed func dieInUpdate(_ agent: Agent<Int>) async throws {
        try await agent.update(AddAndKill(processID: getpid()))
    }

    distributed func make(_ number: Int, named name: String) async throws -> Agent<Int> {
        try await actorSystem.makeAgent(number, named: name)
    }

    distributed func find(_ name: String) async throws -> Int {
        try await actorSystem.find(Agent<Int>.self, named: name).value
    }

    /// Goes on to read changes, after the first.
    distributed func watch(_ agent: Agent<Int>) async throws -> Int? {
        var changes = agent.changes().makeAsyncIterator()
        let first = try await changes.next()
        watching = Task { while try await changes.next() != nil {} }
        return first?.value
    }

    /// Reads once, and then keeps the sequence and reads no more.
    distributed func stall(_ agent: Agent<Int>) async throws {
        var changes = agent.changes().makeAsyncIterator()
        _ = try await changes.next()
        kept = changes
    }
    private var kept: AgentChanges<Int>.Iterator?

    distributed func letGo() {
        watching?.cancel()
        kept = nil
    }
}
