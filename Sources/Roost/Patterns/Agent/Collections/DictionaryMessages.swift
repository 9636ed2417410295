// What may not be there is sent as none or one: an optional in an optional is not told apart when encoded.

struct DictionaryGet<Key: Hashable & Codable & Sendable, Value: Codable & Sendable>: AgentQuery {
    var key: Key

    func read(from state: [Key: Value]) -> [Value] { Array(maybe: state[key]) }
}

struct DictionaryGetSome<Key: Hashable & Codable & Sendable, Value: Codable & Sendable>: AgentQuery {
    var keys: [Key]

    func read(from state: [Key: Value]) -> [Key: Value] {
        Dictionary(keys.compactMap { key in state[key].map { (key, $0) } }, uniquingKeysWith: { $1 })
    }
}

struct DictionaryKeys<Key: Hashable & Codable & Sendable, Value: Codable & Sendable>: AgentQuery {
    func read(from state: [Key: Value]) -> [Key] { Array(state.keys) }
}

struct DictionaryHasKey<Key: Hashable & Codable & Sendable, Value: Codable & Sendable>: AgentQuery {
    var key: Key

    func read(from state: [Key: Value]) -> Bool { state.keys.contains(key) }
}

struct DictionarySet<Key: Hashable & Codable & Sendable, Value: Codable & Sendable>: AgentUpdate {
    var key: Key
    var value: Value

    func apply(to state: inout [Key: Value]) { state[key] = value }
}

struct DictionaryExchange<Key: Hashable & Codable & Sendable, Value: Codable & Sendable>: AgentUpdate {
    var key: Key
    var value: Value

    func apply(to state: inout [Key: Value]) -> [Value] {
        Array(maybe: state.updateValue(value, forKey: key))
    }
}

struct DictionaryRemove<Key: Hashable & Codable & Sendable, Value: Codable & Sendable>: AgentUpdate {
    var key: Key

    func apply(to state: inout [Key: Value]) -> [Value] { Array(maybe: state.removeValue(forKey: key)) }
}

struct DictionaryRemoveAll<Key: Hashable & Codable & Sendable, Value: Codable & Sendable>: AgentUpdate {
    func apply(to state: inout [Key: Value]) { state.removeAll() }
}

struct DictionaryMerge<Key: Hashable & Codable & Sendable, Value: Codable & Sendable>: AgentUpdate {
    var entries: [Key: Value]
    var replacing: Bool

    func apply(to state: inout [Key: Value]) {
        state.merge(entries) { old, new in replacing ? new : old }
    }
}

/// A value's own update, so that nothing but the change travels.
struct DictionaryChange<Key: Hashable & Codable & Sendable, Value: Codable & Sendable, U: AgentUpdate>:
    AgentUpdate
where U.State == Value {
    var key: Key
    /// What there is where there is no value; without one that is an error.
    var initial: Value?
    var update: U

    func apply(to state: inout [Key: Value]) throws -> U.Result {
        let place = state.index(forKey: key)
        if let place { return try update.applyOrLeave(&state.values[place]) }
        guard var value = initial else { throw AgentError(.noSuchKey, "there is no key \(key)") }
        let result = try update.apply(to: &value)
        state[key] = value
        return result
    }

    static var keepsCopy: Bool { false }
}

struct SetInsert<Item: Hashable & Codable & Sendable>: AgentUpdate {
    var element: Item

    func apply(to state: inout Set<Item>) -> Bool { state.insert(element).inserted }
}

struct SetRemove<Item: Hashable & Codable & Sendable>: AgentUpdate {
    var element: Item

    func apply(to state: inout Set<Item>) -> Bool { state.remove(element) != nil }
}

struct SetRemoveAll<Item: Hashable & Codable & Sendable>: AgentUpdate {
    func apply(to state: inout Set<Item>) { state.removeAll() }
}

struct SetUnion<Item: Hashable & Codable & Sendable>: AgentUpdate {
    var elements: Set<Item>

    func apply(to state: inout Set<Item>) { state.formUnion(elements) }
}

struct SetDifference<Item: Hashable & Codable & Sendable>: AgentUpdate {
    var elements: Set<Item>

    func apply(to state: inout Set<Item>) { state.subtract(elements) }
}
