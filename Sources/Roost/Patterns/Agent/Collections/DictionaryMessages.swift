/// Updates and queries of dictionaries.
enum DictionaryOf<Key: Hashable & Codable & Sendable, Value: Codable & Sendable> {
    typealias State = [Key: Value]

    // What may not be there is sent as none or one: an optional in an optional is not told apart when encoded.

    struct Get: AgentQuery {
        var key: Key

        func read(from state: State) -> [Value] { Array(maybe: state[key]) }
    }

    struct GetSome: AgentQuery {
        var keys: [Key]

        func read(from state: State) -> State {
            Dictionary(keys.compactMap { key in state[key].map { (key, $0) } }, uniquingKeysWith: { $1 })
        }
    }

    struct Keys: AgentQuery {
        func read(from state: State) -> [Key] { Array(state.keys) }
    }

    struct HasKey: AgentQuery {
        var key: Key

        func read(from state: State) -> Bool { state.keys.contains(key) }
    }

    struct Set: AgentUpdate {
        var key: Key
        var value: Value

        func apply(to state: inout State) { state[key] = value }
    }

    struct Exchange: AgentUpdate {
        var key: Key
        var value: Value

        func apply(to state: inout State) -> [Value] { Array(maybe: state.updateValue(value, forKey: key)) }
    }

    struct Remove: AgentUpdate {
        var key: Key

        func apply(to state: inout State) -> [Value] { Array(maybe: state.removeValue(forKey: key)) }
    }

    struct RemoveAll: AgentUpdate {
        func apply(to state: inout State) { state.removeAll() }
    }

    struct Merge: AgentUpdate {
        var entries: State
        var replacing: Bool

        func apply(to state: inout State) {
            state.merge(entries) { old, new in replacing ? new : old }
        }
    }

    /// A value's own update, so that nothing but the change travels.
    struct Change<U: AgentUpdate>: AgentUpdate where U.State == Value {
        var key: Key
        /// What there is where there is no value; without one that is an error.
        var initial: Value?
        var update: U

        func apply(to state: inout State) throws -> U.Result {
            let place = state.index(forKey: key)
            if let place { return try update.applyOrLeave(&state.values[place]) }
            guard var value = initial else { throw AgentError(.noSuchKey, "there is no key \(key)") }
            let result = try update.apply(to: &value)
            state[key] = value
            return result
        }

        static var keepsCopy: Bool { false }
    }
}

/// Updates of sets.
enum SetOf<Item: Hashable & Codable & Sendable> {
    struct Insert: AgentUpdate {
        var element: Item

        func apply(to state: inout Set<Item>) -> Bool { state.insert(element).inserted }
    }

    struct Remove: AgentUpdate {
        var element: Item

        func apply(to state: inout Set<Item>) -> Bool { state.remove(element) != nil }
    }

    struct RemoveAll: AgentUpdate {
        func apply(to state: inout Set<Item>) { state.removeAll() }
    }

    struct Union: AgentUpdate {
        var elements: Set<Item>

        func apply(to state: inout Set<Item>) { state.formUnion(elements) }
    }

    struct Difference: AgentUpdate {
        var elements: Set<Item>

        func apply(to state: inout Set<Item>) { state.subtract(elements) }
    }
}
