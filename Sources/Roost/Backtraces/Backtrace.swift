/// The functions that a process was in when it crashed.
///
/// A ``CrashReport`` has one with ``SystemOptions/backtraces``:
///
/// ```text
/// roost: Parser "parser-7" crashed with SIGILL
///   …
///   backtrace:
///     Parser.field(_:of:) at Parser.swift:12
///     Parser.parse(_:) at Parser.swift:31
///     … and 14 more of the runtime
/// ```
///
/// It is the thread that crashed, from where it crashed outwards, and for asynchronous functions the one that
/// waits for each. Files and lines are known where there is debug information, also in optimised builds with
/// `-g`. Swift's `swift-backtrace` makes it, of a copy of the process; see `docs/Backtracing.rst` of Swift.
public struct Backtrace: Sendable, Hashable {
    /// One function.
    public struct Frame: Sendable, Hashable {
        /// The function's name, as Swift writes it; nil when it is not known.
        public var function: String?
        /// The path of its source file; nil when it is not known.
        public var file: String?
        /// The line in that file, counted from 1.
        public var line: Int?
        /// The file name of the executable or library that has it.
        public var module: String?
        /// Where in the process's memory it was.
        public var address: UInt64
        /// Whether the compiler has made it: a thunk, for one.
        public var isGenerated: Bool
        /// How many frames between this one and the next were left out, as in an endless recursion.
        public var omitted = 0
    }

    /// The functions, the one that crashed first; 64 at most.
    public var frames: [Frame]
}

extension Backtrace.Frame: CustomStringConvertible {
    /// The function and its place, on one line.
    public var description: String {
        let name = function ?? "0x" + String(address, radix: 16)
        if let file, let line { return "\(name) at \(file.split(separator: "/").last ?? ""):\(line)" }
        return module.map { "\(name) in \($0)" } ?? name
    }
}

extension Backtrace: CustomStringConvertible {
    /// All frames, one a line.
    public var description: String { Self.lines(frames[...]).joined(separator: "\n") }

    /// The frames that say something about the actor, one a line, and how many there are besides.
    var summary: [String] {
        let told = frames.drop(while: \.isFailing).prefix { !$0.isServing }
        // A crash in the runtime's own code: all there is may be of use.
        let own = told.contains { !$0.isGenerated } ? told : frames[...]
        let lines = Self.lines(own.filter { !$0.isGenerated }[...])
        let outside = frames.count - (own.endIndex - frames.startIndex)
        let shown = lines.prefix(Self.maximumLines)
        let left = lines.count - shown.count
        return shown + (left > 0 ? ["… and \(left) more"] : [])
            + (outside > 0 ? ["… and \(outside) more of the runtime"] : [])
    }

    private static let maximumLines = 24

    private static func lines(_ frames: ArraySlice<Frame>) -> [String] {
        frames.flatMap { frame in
            [frame.description] + (frame.omitted > 0 ? ["… \(frame.omitted) more …"] : [])
        }
    }
}

extension Backtrace.Frame {
    /// It ends the process, with a message that is among the last words.
    fileprivate var isFailing: Bool {
        guard let function else { return isGenerated }
        return ["_assertionFailure(", "_fatalErrorMessage("].contains { function.contains($0) }
    }

    /// It, and what is outside of it, brings messages to actors: the same in every crash.
    fileprivate var isServing: Bool { function?.hasPrefix("swift_distributed_execute_target") ?? false }
}
