internal import Distributed

/// An agent of a set: only the element travels.
///
/// ```swift
/// let seen = try await system.makeAgent(Set<String>())
/// if try await seen.insert(url) { … }          // the first to see it, in whatever process
/// ```
extension Agent {
    /// Adds an element; whether it was not there before.
    @discardableResult
    public nonisolated(nonsending) func insert<Element: Hashable & Codable & Sendable>(
        _ element: Element
    ) async throws -> Bool where State == Set<Element> {
        try await update(SetInsert<Element>(element: element))
    }

    /// Removes an element; whether it was there.
    @discardableResult
    public nonisolated(nonsending) func remove<Element: Hashable & Codable & Sendable>(
        _ element: Element
    ) async throws -> Bool where State == Set<Element> {
        try await update(SetRemove<Element>(element: element))
    }

    /// Removes all elements.
    public nonisolated(nonsending) func removeAll<Element: Hashable & Codable & Sendable>()
        async throws where State == Set<Element>
    {
        try await update(SetRemoveAll<Element>())
    }

    /// Adds elements, all at once.
    public nonisolated(nonsending) func formUnion<Element: Hashable & Codable & Sendable>(
        _ elements: Set<Element>
    ) async throws where State == Set<Element> {
        try await update(SetUnion<Element>(elements: elements))
    }

    /// Removes elements, all at once.
    public nonisolated(nonsending) func subtract<Element: Hashable & Codable & Sendable>(
        _ elements: Set<Element>
    ) async throws where State == Set<Element> {
        try await update(SetDifference<Element>(elements: elements))
    }
}
