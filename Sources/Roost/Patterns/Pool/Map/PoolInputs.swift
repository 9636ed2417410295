/// Where the inputs of a map come from: a sequence, or an asynchronous one.
public protocol PoolInputs<Input> {
    /// What a task is.
    associatedtype Input: Codable & Sendable

    /// Takes the next inputs, at most `count`; sets `isAtEnd` when there are no more.
    ///
    /// Inputs that come by themselves are not taken: they are given to the run by a task of their own.
    mutating func take(_ count: Int, isAtEnd: inout Bool) -> [Input]

    /// Whether inputs come by themselves; then what has them given to `accept`, until that says no.
    func feed() -> PoolFeed<Input>?
}

/// Gives inputs that come by themselves to whoever takes them.
///
/// It ends when the inputs do, with what they threw, or when `accept` returns false.
public typealias PoolFeed<Input> =
    @Sendable (_ accept: @escaping @Sendable (Input) async -> Bool) async throws -> Void

/// The inputs of a sequence, taken as the results are asked for.
public struct PoolSequence<Inputs: Sequence>: PoolInputs where Inputs.Element: Codable & Sendable {
    @usableFromInline var iterator: Inputs.Iterator

    @inlinable
    init(_ inputs: Inputs) {
        iterator = inputs.makeIterator()
    }

    /// Takes the next inputs.
    @inlinable
    public mutating func take(_ count: Int, isAtEnd: inout Bool) -> [Inputs.Element] {
        var taken: [Inputs.Element] = []
        taken.reserveCapacity(count)
        while taken.count < count {
            guard let input = iterator.next() else {
                isAtEnd = true
                break
            }
            taken.append(input)
        }
        return taken
    }

    /// Nothing comes by itself.
    @inlinable
    public func feed() -> PoolFeed<Inputs.Element>? { nil }
}

/// The inputs of an asynchronous sequence, taken as they come, by a task of their own.
public struct PoolAsyncSequence<Inputs: AsyncSequence & Sendable>: PoolInputs
where Inputs.Element: Codable & Sendable {
    private let inputs: Inputs

    init(_ inputs: Inputs) {
        self.inputs = inputs
    }

    /// Takes nothing: the inputs come by themselves.
    public mutating func take(_ count: Int, isAtEnd: inout Bool) -> [Inputs.Element] { [] }

    /// Gives on what the sequence gives.
    public func feed() -> PoolFeed<Inputs.Element>? {
        { [inputs] accept in
            for try await input in inputs {
                guard await accept(input) else { return }
            }
        }
    }
}
