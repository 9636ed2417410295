internal import Distributed

/// An agent of a dictionary: its values are read and changed where they are, and only they travel.
///
/// ```swift
/// let stock = try await system.makeAgent(["apples": 3])
/// try await stock.set(5, for: "pears")
/// try await stock.increment("apples", by: 2)
/// let pears = try await stock["pears"]
/// ```
extension Agent {
    /// The value of a key; nil when it has none.
    public nonisolated subscript<Key: Hashable & Codable & Sendable, Value: Codable & Sendable>(
        key: Key
    ) -> Value? where State == [Key: Value] {
        get async throws { try await read(DictionaryGet<Key, Value>(key: key)).first }
    }

    /// The values of some keys; those that have none are left out.
    public nonisolated(nonsending) func values<Key: Hashable & Codable & Sendable, Value: Codable & Sendable>(
        for keys: [Key]
    ) async throws -> [Key: Value] where State == [Key: Value] {
        try await read(DictionaryGetSome<Key, Value>(keys: keys))
    }

    /// All keys, in no order.
    public nonisolated(nonsending) func keys<Key: Hashable & Codable & Sendable, Value: Codable & Sendable>()
        async throws -> [Key] where State == [Key: Value]
    {
        try await read(DictionaryKeys<Key, Value>())
    }

    /// Whether the key has a value.
    public nonisolated(nonsending) func contains<
        Key: Hashable & Codable & Sendable, Value: Codable & Sendable
    >(
        key: Key
    ) async throws -> Bool where State == [Key: Value] {
        try await read(DictionaryHasKey<Key, Value>(key: key))
    }

    /// The entries, so many at a time: those of the keys that there are at the beginning.
    ///
    /// What is removed meanwhile is left out, and what is added is not there.
    ///
    /// A page has the entries of `count` keys, at least 1.
    public nonisolated func pages<Key: Hashable & Codable & Sendable, Value: Codable & Sendable>(
        of count: Int
    ) -> AgentPages<[Key: Value]> where State == [Key: Value] {
        precondition(count > 0, "a page has at least one element")
        return AgentPages {
            let keys = try await self.keys()
            return { number in
                let some = keys.dropFirst(number * count).prefix(count)
                return some.isEmpty ? nil : try await self.values(for: Array(some))
            }
        }
    }

    /// Gives a key a value, whether or not it had one.
    public nonisolated(nonsending) func set<Key: Hashable & Codable & Sendable, Value: Codable & Sendable>(
        _ value: Value, for key: Key
    ) async throws where State == [Key: Value] {
        try await update(DictionarySet<Key, Value>(key: key, value: value))
    }

    /// Gives a key a value one-way: returns when that is accepted; see ``post(_:)``.
    public nonisolated(nonsending) func postSet<
        Key: Hashable & Codable & Sendable, Value: Codable & Sendable
    >(
        _ value: Value, for key: Key
    ) async throws where State == [Key: Value] {
        try await post(DictionarySet<Key, Value>(key: key, value: value))
    }

    /// Gives a key a value, and returns the one it had.
    public nonisolated(nonsending) func updateValue<
        Key: Hashable & Codable & Sendable, Value: Codable & Sendable
    >(_ value: Value, forKey key: Key) async throws -> Value? where State == [Key: Value] {
        try await update(DictionaryExchange<Key, Value>(key: key, value: value)).first
    }

    /// Removes a key and its value, and returns the value; nil when there was none.
    @discardableResult
    public nonisolated(nonsending) func removeValue<
        Key: Hashable & Codable & Sendable, Value: Codable & Sendable
    >(forKey key: Key) async throws -> Value? where State == [Key: Value] {
        try await update(DictionaryRemove<Key, Value>(key: key)).first
    }

    /// Removes all keys and values.
    public nonisolated(nonsending) func removeAll<
        Key: Hashable & Codable & Sendable, Value: Codable & Sendable
    >()
        async throws where State == [Key: Value]
    {
        try await update(DictionaryRemoveAll<Key, Value>())
    }

    /// Adds entries, all at once.
    ///
    /// - Parameters:
    ///   - entries: what is added.
    ///   - replacing: whether they take the place of the values that their keys have; they do by default.
    /// - Throws: ``RemoteCallError``, as any call.
    public nonisolated(nonsending) func merge<Key: Hashable & Codable & Sendable, Value: Codable & Sendable>(
        _ entries: [Key: Value], replacing: Bool = true
    ) async throws where State == [Key: Value] {
        try await update(DictionaryMerge<Key, Value>(entries: entries, replacing: replacing))
    }

    /// Applies an update to a key's value.
    ///
    /// - Parameters:
    ///   - key: the key.
    ///   - initial: what is changed where there is no value; without one that is an ``AgentError``, `.noSuchKey`.
    ///   - update: the value's update.
    /// - Returns: what the update returns.
    /// - Throws: what the update throws; ``AgentError`` with `.noSuchKey`; ``RemoteCallError``.
    @discardableResult
    public nonisolated(nonsending) func update<Key: Hashable & Codable & Sendable, U: AgentUpdate>(
        _ key: Key, default initial: U.State? = nil, with update: U
    ) async throws -> U.Result where State == [Key: U.State], U.State: Codable, U.Result: Codable {
        try await self.update(
            DictionaryChange(key: key, initial: initial, update: update))
    }

    /// Applies an update that returns nothing to a key's value.
    ///
    /// - Parameters:
    ///   - key: the key.
    ///   - initial: what is changed where there is no value; without one that is an ``AgentError``, `.noSuchKey`.
    ///   - update: the value's update.
    /// - Throws: what the update throws; ``AgentError`` with `.noSuchKey`; ``RemoteCallError``.
    public nonisolated(nonsending) func update<Key: Hashable & Codable & Sendable, U: AgentUpdate>(
        _ key: Key, default initial: U.State? = nil, with update: U
    ) async throws where State == [Key: U.State], U.State: Codable, U.Result == Void {
        try await self.update(
            DictionaryChange(key: key, initial: initial, update: update))
    }

    /// Adds to a key's value, which is 0 where there is none; returns the sum.
    ///
    /// - Throws: ``AgentError`` with `.overflow`, after which the value is as it was; ``RemoteCallError``.
    @discardableResult
    public nonisolated(nonsending) func increment<
        Key: Hashable & Codable & Sendable, Number: FixedWidthInteger & Codable & Sendable
    >(_ key: Key, by amount: Number = 1) async throws -> Number where State == [Key: Number] {
        try await update(key, default: 0, with: Increment(by: amount))
    }
}
