internal import Synchronization

/// Those who send an agent streams of updates, in its process.
final class AgentWriters: Sendable {
    /// So many may have opened a stream and not begun, or ended and not asked what became of it.
    ///
    /// They may have died in between, of which nobody tells. Of more, the first are given up.
    private static let maximumIdle = 64

    private struct Entry {
        /// Keeps the mailbox too: until all is applied and said, its sender may ask whether everything has come.
        let seal: @Sendable () -> Void
        let applying: Task<AgentWriterResult, Never>
        var hasBegun = false
    }

    private struct State {
        var entries: [Int: Entry] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    /// Makes the mailbox of a stream, and applies what comes until it ends.
    func open<U: AgentUpdate>(
        _ type: U.Type, on store: AgentStore<U.State>, in system: ProcessActorSystem
    ) async throws -> AgentWriterPlace<U> {
        let mailbox = try await system.makeMailbox(of: U.self)
        let applying = Task.detached { await Self.apply(mailbox, to: store) }
        let (number, givenUp) = state.withLock { state in
            state.last += 1
            state.entries[state.last] = Entry(seal: { mailbox.seal() }, applying: applying)
            let idle = state.entries.filter { !$0.value.hasBegun }.keys
            return (state.last, idle.count > Self.maximumIdle ? idle.min() : nil)
        }
        if let givenUp { state.withLock { $0.entries.removeValue(forKey: givenUp) }?.applying.cancel() }
        return AgentWriterPlace(number: number, address: mailbox.address)
    }

    /// The one who opened the stream is there: it ends when that one does.
    func began(_ number: Int) {
        let entry = state.withLock { state in
            state.entries[number]?.hasBegun = true
            return state.entries[number]
        }
        guard let entry else { return }
        entry.seal()
        // Of one who died nobody asks.
        Task.detached {
            _ = await entry.applying.value
            self.state.withLock { $0.entries[number]?.hasBegun = false }
        }
    }

    /// What became of a stream that has been finished; waits until it is applied.
    func result(of number: Int) async -> AgentWriterResult? {
        guard let entry = state.withLock({ $0.entries[number] }) else { return nil }
        let result = await entry.applying.value
        state.withLock { $0.entries[number] = nil }
        return result
    }

    private static func apply<U: AgentUpdate>(
        _ mailbox: Mailbox<U>, to store: AgentStore<U.State>
    ) async -> AgentWriterResult {
        // Counting, for which the compiler makes a loop of its own here: it is three times as fast.
        if let mailbox = mailbox as? Mailbox<Increment<Int>>, let store = store as? AgentStore<Int> {
            return await applyEach(mailbox, to: store)
        }
        return await applyEach(mailbox, to: store)
    }

    private static func applyEach<U: AgentUpdate>(
        _ mailbox: Mailbox<U>, to store: AgentStore<U.State>
    ) async -> AgentWriterResult {
        var result = AgentWriterResult()
        while let update = try? await mailbox.next() {
            do {
                _ = try store.apply(update)
                result.applied += 1
            } catch {
                result.failed += 1
                if result.firstFailure == nil { result.firstFailure = "\(error)" }
            }
        }
        return result
    }
}

/// Where the updates of one stream are sent.
struct AgentWriterPlace<U: AgentUpdate>: Codable, Sendable {
    let number: Int
    let address: MailboxAddress<U>
}

/// A type of updates, by its name.
struct AgentWriterMessage: Codable, Sendable {
    let type: any AgentUpdate.Type

    init(_ type: any AgentUpdate.Type) {
        self.type = type
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        guard let type = SentTypes.type(named: name) as? any AgentUpdate.Type else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\(name) is not the name of an agent's update")
        }
        self.type = type
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        guard let name = SentTypes.name(of: type) else {
            throw EncodingError.invalidValue(
                self,
                EncodingError.Context(
                    codingPath: encoder.codingPath,
                    debugDescription:
                        "another process cannot find the type \(type) by its name; declare it at file "
                        + "scope or inside another type, and not private"))
        }
        try container.encode(name)
    }
}
