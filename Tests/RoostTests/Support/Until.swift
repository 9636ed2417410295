import Testing

/// Looks again and again until something is so that nobody announces.
func until(
    within limit: Duration = .seconds(20), sourceLocation: SourceLocation = #_sourceLocation,
    _ isTrue: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !isTrue() {
        guard ContinuousClock.now < end else {
            Issue.record("it did not become so within \(limit)", sourceLocation: sourceLocation)
            return
        }
        await Task.yield()
    }
}
