/// The error that `body` throws, when it is of the wanted type.
///
/// Nil when it throws nothing, or something else.
func caught<Failure: Error>(_ body: () async throws -> Void) async -> Failure? {
    do {
        try await body()
        return nil
    } catch {
        return error as? Failure
    }
}
