/// What became of the tasks of a chunk that were served, in their order.
public struct PoolReport<Output: Codable & Sendable>: Sendable {
    /// What the tasks that did not fail returned.
    @usableFromInline var values: [Output] = []
    /// Those that failed, by their places in the chunk, ascending.
    @usableFromInline var failures: [PoolFailure] = []
    /// How many tasks were served.
    @usableFromInline var count = 0

    /// A report of nothing yet.
    @inlinable
    public init(capacity: Int) {
        values.reserveCapacity(capacity)
    }

    /// The next task has returned this.
    @inlinable
    public mutating func append(_ value: Output) {
        values.append(value)
        count += 1
    }

    /// The next task has thrown this.
    @inlinable
    public mutating func append(_ error: any Error) {
        failures.append(PoolFailure(position: count, cause: .thrown(error)))
        count += 1
    }

    /// The outcomes of the tasks at `positions`.
    func results(_ positions: Range<Int>) -> [Result<Output, any Error>] {
        var failed = failures.firstIndex { $0.position >= positions.lowerBound } ?? failures.count
        var results: [Result<Output, any Error>] = []
        results.reserveCapacity(positions.count)
        for position in positions {
            if failed < failures.count, failures[failed].position == position {
                results.append(.failure(failures[failed].error))
                failed += 1
            } else {
                results.append(.success(values[position - failed]))
            }
        }
        return results
    }
}

/// A task of a chunk that has no value.
@usableFromInline
struct PoolFailure: Sendable {
    @usableFromInline
    enum Cause: Sendable {
        /// It threw.
        case thrown(any Error)
        /// Its value could not be sent with the others, or not be read, for this reason.
        case lost(RemoteCallError.Code, String)
    }

    @usableFromInline var position: Int
    @usableFromInline var cause: Cause

    @usableFromInline
    init(position: Int, cause: Cause) {
        self.position = position
        self.cause = cause
    }

    var isLost: Bool {
        if case .lost = cause { return true }
        return false
    }

    /// The outcome of the task.
    var error: any Error {
        switch cause {
        case .thrown(let error): error
        case .lost(let code, let message):
            RemoteCallError(code, actor: "a worker of a pool", target: "perform(_:)", message: message)
        }
    }
}

// MARK: On the wire

extension PoolReport: Codable {
    private enum CodingKeys: String, CodingKey {
        case values = "v"
        case failures = "f"
        case count = "n"
    }

    /// Writes the values together, or one by one when they cannot all be encoded.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(count, forKey: .count)
        var failures = failures
        do {
            try container.encode(values, forKey: .values)
        } catch {
            failures += encodeOneByOne(to: &container)
            failures.sort { $0.position < $1.position }
        }
        if !failures.isEmpty { try container.encode(failures, forKey: .failures) }
    }

    /// Writes the values that can be written; returns the others.
    private func encodeOneByOne(to container: inout KeyedEncodingContainer<CodingKeys>) -> [PoolFailure] {
        var lost: [PoolFailure] = []
        var list = container.nestedUnkeyedContainer(forKey: .values)
        var rest = values[...]
        for position in 0..<count where !failures.contains(where: { $0.position == position }) {
            do {
                if let value = rest.popFirst() { try list.encode(value) }
            } catch {
                let message = "the result cannot be encoded: \(error)"
                lost.append(PoolFailure(position: position, cause: .lost(.unencodable, message)))
            }
        }
        return lost
    }

    /// Reads the values together, or one by one when they cannot all be decoded.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        count = try container.decode(Int.self, forKey: .count)
        failures = try container.decodeIfPresent([PoolFailure].self, forKey: .failures) ?? []
        do {
            values = try container.decode([Output].self, forKey: .values)
        } catch {
            let tolerant = try container.decode([TolerantlyDecoded<Output>].self, forKey: .values)
            add(tolerant)
        }
        var last = -1
        let isAscending = failures.allSatisfy { failure in
            defer { last = failure.position }
            return failure.position > last
        }
        let isSound = values.count + failures.count == count && isAscending && last < count
        try decoder.check(isSound, "a report of a chunk that does not add up")
    }

    private mutating func add(_ decoded: [TolerantlyDecoded<Output>]) {
        let told = Set(failures.map(\.position))
        var rest = decoded[...]
        for position in 0..<max(count, 0) where !told.contains(position) {
            switch rest.popFirst()?.result {
            case .success(let value)?: values.append(value)
            case .failure(let error)?:
                let message = "the result cannot be decoded: \(error)"
                failures.append(PoolFailure(position: position, cause: .lost(.undecodable, message)))
            case nil: break
            }
        }
        failures.sort { $0.position < $1.position }
    }
}

/// A value, or why it cannot be read; the values after it can be.
private struct TolerantlyDecoded<Value: Decodable>: Decodable {
    let result: Result<Value, any Error>

    init(from decoder: any Decoder) throws {
        result = Result { try Value(from: decoder) }
    }
}

extension PoolFailure: Codable {
    private enum CodingKeys: String, CodingKey {
        case position = "p"
        case error = "e"
        case code = "c"
        case message = "m"
    }

    @usableFromInline
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(position, forKey: .position)
        switch cause {
        case .thrown(let error): try container.encode(CarriedError(error), forKey: .error)
        case .lost(let code, let message):
            try container.encode(code.description, forKey: .code)
            try container.encode(message, forKey: .message)
        }
    }

    @usableFromInline
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        position = try container.decode(Int.self, forKey: .position)
        if let carried = try container.decodeIfPresent(CarriedError.self, forKey: .error) {
            cause = .thrown(carried.error)
        } else {
            let code = RemoteCallError.Code(description: try container.decode(String.self, forKey: .code))
            cause = .lost(code, try container.decode(String.self, forKey: .message))
        }
    }
}
