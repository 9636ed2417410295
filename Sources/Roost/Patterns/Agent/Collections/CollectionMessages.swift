// Of collections in general.

struct ElementCount<State: Collection & Sendable>: AgentQuery {
    func read(from state: State) -> Int { state.count }
}

struct ElementSearch<State: Collection & Sendable>: AgentQuery
where State.Element: Equatable & Codable & Sendable {
    var element: State.Element

    func read(from state: State) -> Bool { state.contains(element) }
}

extension Array {
    /// None or one.
    init(maybe element: Element?) {
        self = element.map { [$0] } ?? []
    }
}

extension Agent where State: Collection {
    /// How many elements there are.
    public nonisolated var count: Int {
        get async throws { try await read(ElementCount()) }
    }

    /// Whether there are none.
    public nonisolated var isEmpty: Bool {
        get async throws { try await count == 0 }
    }

    /// Whether there is an element equal to this one.
    public nonisolated(nonsending) func contains(
        _ element: State.Element
    ) async throws -> Bool where State.Element: Equatable & Codable & Sendable {
        try await read(ElementSearch(element: element))
    }
}
