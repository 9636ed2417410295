/// A collection whose elements are counted from 0 and can be changed, added and removed: an array.
public typealias AgentList = MutableCollection & RandomAccessCollection & RangeReplaceableCollection
    & Sendable

struct ListGet<State: AgentList>: AgentQuery
where State.Index == Int, State.Element: Codable & Sendable {
    var index: Int

    func read(from state: State) throws -> State.Element { state[try state.index(of: index)] }
}

struct ListGetRange<State: AgentList>: AgentQuery
where State.Index == Int, State.Element: Codable & Sendable {
    var range: Range<Int>

    func read(from state: State) throws -> [State.Element] { Array(state[try state.indices(of: range)]) }
}

/// As much of the range as there is.
struct ListPage<State: AgentList>: AgentQuery
where State.Index == Int, State.Element: Codable & Sendable {
    var range: Range<Int>

    func read(from state: State) -> [State.Element] {
        Array(state.dropFirst(range.lowerBound).prefix(range.count))
    }
}

struct ListSet<State: AgentList>: AgentUpdate
where State.Index == Int, State.Element: Codable & Sendable {
    var element: State.Element
    var index: Int

    func apply(to state: inout State) throws { state[try state.index(of: index)] = element }

    static var keepsCopy: Bool { false }
}

struct ListReplace<State: AgentList>: AgentUpdate
where State.Index == Int, State.Element: Codable & Sendable {
    var range: Range<Int>
    var elements: [State.Element]

    func apply(to state: inout State) throws {
        state.replaceSubrange(try state.indices(of: range), with: elements)
    }

    static var keepsCopy: Bool { false }
}

struct ListAppend<State: AgentList>: AgentUpdate
where State.Index == Int, State.Element: Codable & Sendable {
    var element: State.Element

    func apply(to state: inout State) { state.append(element) }
}

struct ListAppendAll<State: AgentList>: AgentUpdate
where State.Index == Int, State.Element: Codable & Sendable {
    var elements: [State.Element]

    func apply(to state: inout State) { state.append(contentsOf: elements) }
}

struct ListRemove<State: AgentList>: AgentUpdate
where State.Index == Int, State.Element: Codable & Sendable {
    var index: Int

    func apply(to state: inout State) throws -> State.Element { state.remove(at: try state.index(of: index)) }

    static var keepsCopy: Bool { false }
}

struct ListPopFirst<State: AgentList>: AgentUpdate
where State.Index == Int, State.Element: Codable & Sendable {
    func apply(to state: inout State) -> [State.Element] { state.isEmpty ? [] : [state.removeFirst()] }
}

struct ListPopLast<State: AgentList>: AgentUpdate
where State.Index == Int, State.Element: Codable & Sendable {
    func apply(to state: inout State) -> [State.Element] {
        state.isEmpty ? [] : [state.remove(at: state.index(before: state.endIndex))]
    }
}

struct ListResize<State: AgentList>: AgentUpdate
where State.Index == Int, State.Element: Codable & Sendable {
    var count: Int
    var filling: State.Element

    func apply(to state: inout State) throws {
        guard count >= 0 else { throw AgentError.outOfRange(count, of: state.count) }
        if count < state.count {
            state.removeLast(state.count - count)
        } else {
            state.append(contentsOf: repeatElement(filling, count: count - state.count))
        }
    }

    static var keepsCopy: Bool { false }
}

struct ListRemoveAll<State: AgentList>: AgentUpdate
where State.Index == Int, State.Element: Codable & Sendable {
    func apply(to state: inout State) { state.removeAll() }
}

/// An element's own update, so that nothing but the change travels.
struct ListChange<State: AgentList, U: AgentUpdate>: AgentUpdate
where State.Index == Int, State.Element: Codable & Sendable, U.State == State.Element {
    var index: Int
    var update: U

    func apply(to state: inout State) throws -> U.Result {
        try update.applyOrLeave(&state[try state.index(of: index)])
    }

    static var keepsCopy: Bool { false }
}

struct IndexSearch<State: AgentList>: AgentQuery
where State.Index == Int, State.Element: Equatable & Codable & Sendable {
    var element: State.Element

    func read(from state: State) -> Int? {
        state.firstIndex(of: element).map { state.distance(from: state.startIndex, to: $0) }
    }
}

extension RandomAccessCollection {
    /// The index of the element at this place.
    fileprivate func index(of place: Int) throws -> Index {
        guard 0..<count ~= place else { throw AgentError.outOfRange(place, of: count) }
        return index(startIndex, offsetBy: place)
    }

    /// The indices of these places, which may be none, at the end too.
    fileprivate func indices(of places: Range<Int>) throws -> Range<Index> {
        guard places.lowerBound >= 0 else { throw AgentError.outOfRange(places.lowerBound, of: count) }
        guard places.upperBound <= count else { throw AgentError.outOfRange(places.upperBound, of: count) }
        return index(startIndex, offsetBy: places.lowerBound)..<index(startIndex, offsetBy: places.upperBound)
    }
}
