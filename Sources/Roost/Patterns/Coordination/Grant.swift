/// What a session was given by one of its requests: given back when asked to, or when nobody refers to it.
final class Grant<Machine: SessionMachine>: Sendable {
    let session: Session<Machine>
    let number: UInt64

    init(_ session: Session<Machine>, _ number: UInt64) {
        self.session = session
        self.number = number
    }

    deinit {
        session.withdraw(number)
    }

    /// Gives it back; twice is as good as once.
    func release() { session.withdraw(number) }
}

/// Runs `body`, and gives it up at the end of a time.
///
/// - Throws: ``RemoteCallError`` with `.deadlineExceeded`.
func within<Result: Sendable>(
    _ limit: Duration?, of actor: String, _ target: String,
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    guard let limit else { return try await body() }
    return try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        if let result = try await group.next() ?? nil { return result }
        throw RemoteCallError(.deadlineExceeded, actor: actor, target: target)
    }
}
