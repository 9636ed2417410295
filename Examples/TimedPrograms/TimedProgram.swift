import Dispatch

/// A program that is run to its end, or to a limit of time and no further.
///
/// ```swift
/// let result = try await TimedProgram(path: "python3", arguments: ["queue.py"]).run(limit: .seconds(3))
/// if result.end == .hung { print("it hangs, after", result.output) }
/// ```
/// It is the first of a process group of its own. At its end, or at the limit, the whole group is killed: nothing
/// that it started is left, unless it has left the group. It has no standard input.
public struct TimedProgram: Sendable {
    /// Where the program is, or its name, which is then looked for as a shell does.
    public var path: String
    /// Its arguments, without its own name.
    public var arguments: [String]

    /// A program that can be run, any number of times.
    public init(path: String, arguments: [String] = []) {
        self.path = path
        self.arguments = arguments
    }

    /// Runs it; returns when it has ended, and nobody of its group writes any more.
    ///
    /// - Parameter limit: how long it may take before it is killed and has hung.
    /// - Returns: how it ended, and what it wrote.
    /// - Throws: ``TimedProgramError`` when it cannot be started.
    public func run(limit: Duration) async throws -> ProgramResult {
        let output = try OutputSocket()
        let errors = try OutputSocket()
        let start = ContinuousClock.now
        let group = try ProcessGroup(starting: self, output: output, errors: errors)
        output.closeWriter()
        errors.closeWriter()
        async let outputText = output.text()
        async let errorText = errors.text()
        let end = await group.end(limit: limit)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return ProgramResult(
            end: end, output: await outputText, errors: await errorText, seconds: seconds)
    }
}

/// What became of a program.
public struct ProgramResult: Sendable {
    /// How it ended.
    public enum End: Sendable, Hashable {
        case exited(Int32)
        case killed(signal: Int32)
        /// It did not end within its limit, and was killed.
        case hung
    }

    /// How it ended.
    public var end: End
    /// What it wrote to its standard output.
    public var output: String
    /// What it wrote to its standard error.
    public var errors: String
    /// The time from before its start until it was reaped.
    public var seconds: Double

    /// What became of a program.
    public init(end: End, output: String, errors: String, seconds: Double) {
        self.end = end
        self.output = output
        self.errors = errors
        self.seconds = seconds
    }
}

/// A program could not be started.
public struct TimedProgramError: Error, CustomStringConvertible {
    /// The call that failed.
    public var call: String
    /// Its error number.
    public var number: Int32

    /// What failed, and its error number.
    public var description: String { "\(call) failed with error number \(number)" }
}

/// Does what blocks on a thread of its own: those of the global queues are few, and more come late.
func onBlockingThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        DispatchQueue(label: "timed-program").async { continuation.resume(returning: body()) }
    }
}
