@_exported public import Roost

/// Runs a test with a system of its own, and holds the system to its promises on the way out.
///
/// ```swift
/// @Test func survivesKill() async throws {
///     try await withTestSystem { system in
///         let counter = try await system.spawn(Counter.self, named: "c", .init(start: 0))
///         try await system.kill(counter)              // real SIGKILL
///         #expect(try await counter.add(1) == 1)      // waits for the next incarnation
///     }
/// }
/// ```
/// One import is all that a test bundle needs to host actors: the bundle's own executable becomes the
/// zygote and the workers. Afterwards every process that the system had started must be gone.
///
/// - Parameters:
///   - seed: for what the test draws at random, through ``TestSystem/random``; printed when it fails.
///   - options: how the system works.
///   - body: the test.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws, or ``LeftoverProcesses`` when the system left any behind.
@discardableResult
public nonisolated(nonsending) func withTestSystem<Result>(
    seed: UInt64 = 1, options: SystemOptions = SystemOptions(),
    _ body: nonisolated(nonsending) (TestSystem) async throws -> Result
) async throws -> Result {
    var options = options
    // Crashes are what such tests are about; the events tell them.
    options.crashReports = .silent
    let system = try await ProcessActorSystem.start(options)
    let test = TestSystem(system: system, seed: seed)
    do {
        let result = try await body(test)
        try await test.finish()
        return result
    } catch {
        try? await test.finish()
        throw error
    }
}

/// Processes that outlived their system.
public struct LeftoverProcesses: Error, CustomStringConvertible {
    /// Their process ids.
    public let processIDs: [Int32]

    /// The process ids, in a sentence.
    public var description: String { "processes were left behind: \(processIDs)" }
}
