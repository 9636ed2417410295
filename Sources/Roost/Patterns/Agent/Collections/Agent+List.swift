internal import Distributed

/// An agent of an array: its elements are read and changed where they are, and only they travel.
///
/// ```swift
/// let numbers = try await system.makeAgent([1, 2, 3])
/// try await numbers.append(4)
/// try await numbers.set(10, at: 0)
/// let some = try await numbers[1..<3]
/// ```
/// There is no index that does nothing, or something else: one that does not exist is an ``AgentError`` with
/// `.indexOutOfRange`, which names it and how many elements there are, and leaves the state.
extension Agent where State: AgentList, State.Index == Int, State.Element: Codable & Sendable {
    /// The element at an index.
    public nonisolated subscript(index: Int) -> State.Element {
        get async throws { try await read(ListGet<State>(index: index)) }
    }

    /// The elements of a range of indices.
    public nonisolated subscript(range: Range<Int>) -> [State.Element] {
        get async throws { try await read(ListGetRange<State>(range: range)) }
    }

    /// The elements, `count` at a time, at least 1.
    public nonisolated func pages(of count: Int) -> AgentPages<[State.Element]> {
        precondition(count > 0, "a page has at least one element")
        return AgentPages {
            { number in
                let range = number * count..<(number + 1) * count
                let page = try await self.read(ListPage<State>(range: range))
                return page.isEmpty ? nil : page
            }
        }
    }

    /// Puts an element in the place of another.
    public nonisolated(nonsending) func set(_ element: State.Element, at index: Int) async throws {
        try await update(ListSet<State>(element: element, index: index))
    }

    /// Puts elements, as many as there are, in the place of others.
    public nonisolated(nonsending) func replaceSubrange(
        _ range: Range<Int>, with elements: [State.Element]
    ) async throws {
        try await update(ListReplace<State>(range: range, elements: elements))
    }

    /// Adds an element at the end.
    public nonisolated(nonsending) func append(_ element: State.Element) async throws {
        try await update(ListAppend<State>(element: element))
    }

    /// Adds elements at the end.
    public nonisolated(nonsending) func append(contentsOf elements: [State.Element]) async throws {
        try await update(ListAppendAll<State>(elements: elements))
    }

    /// Adds an element at the end one-way: returns when that is accepted; see ``post(_:)``.
    public nonisolated(nonsending) func postAppend(_ element: State.Element) async throws {
        try await post(ListAppend<State>(element: element))
    }

    /// Adds an element before the one at an index, or at the end.
    public nonisolated(nonsending) func insert(_ element: State.Element, at index: Int) async throws {
        try await replaceSubrange(index..<index, with: [element])
    }

    /// Removes an element, and returns it.
    @discardableResult
    public nonisolated(nonsending) func remove(at index: Int) async throws -> State.Element {
        try await update(ListRemove<State>(index: index))
    }

    /// Removes the elements of a range of indices.
    public nonisolated(nonsending) func removeSubrange(_ range: Range<Int>) async throws {
        try await replaceSubrange(range, with: [])
    }

    /// Removes the first element, and returns it; nil when there is none.
    public nonisolated(nonsending) func popFirst() async throws -> State.Element? {
        try await update(ListPopFirst<State>()).first
    }

    /// Removes the last element, and returns it; nil when there is none.
    public nonisolated(nonsending) func popLast() async throws -> State.Element? {
        try await update(ListPopLast<State>()).first
    }

    /// Removes all elements.
    public nonisolated(nonsending) func removeAll() async throws {
        try await update(ListRemoveAll<State>())
    }

    /// Removes elements from the end, or adds some there, until there are so many.
    public nonisolated(nonsending) func resize(
        to count: Int, filling element: State.Element
    ) async throws {
        try await update(ListResize<State>(count: count, filling: element))
    }

    /// The index of the first element equal to this one; nil when there is none.
    public nonisolated(nonsending) func firstIndex(
        of element: State.Element
    ) async throws -> Int? where State.Element: Equatable {
        try await read(IndexSearch(element: element))
    }

    /// Applies an update to an element.
    @discardableResult
    public nonisolated(nonsending) func update<U: AgentUpdate>(
        at index: Int, with update: U
    ) async throws -> U.Result where U.State == State.Element, U.Result: Codable {
        try await self.update(ListChange(index: index, update: update))
    }

    /// Applies an update that returns nothing to an element.
    public nonisolated(nonsending) func update<U: AgentUpdate>(
        at index: Int, with update: U
    ) async throws where U.State == State.Element, U.Result == Void {
        try await self.update(ListChange(index: index, update: update))
    }
}

extension Agent
where State: AgentList, State.Index == Int, State.Element: FixedWidthInteger & Codable & Sendable {
    /// Adds to an element; returns the sum.
    ///
    /// - Throws: ``AgentError`` with `.overflow`, and `.indexOutOfRange`; the state is as it was.
    @discardableResult
    public nonisolated(nonsending) func increment(
        at index: Int, by amount: State.Element = 1
    ) async throws -> State.Element {
        try await update(at: index, with: Increment(by: amount))
    }

    /// Puts a number, which may be of a wider type, in the place of another.
    ///
    /// - Throws: ``AgentError`` with `.overflow` when it does not fit, and nothing is sent; `.indexOutOfRange`.
    public nonisolated(nonsending) func set(exactly number: some BinaryInteger, at index: Int) async throws {
        try await set(State.Element(fitting: number, in: id.name), at: index)
    }
}
