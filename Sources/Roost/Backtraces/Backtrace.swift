/// The functions that a process was in when it crashed.
///
/// A ``CrashReport`` has one with ``SystemOptions/backtraces``, and shows what its reader needs of it. Here is all:
///
/// ```swift
/// var options = SystemOptions()
/// options.backtraces = true
/// let system = try await ProcessActorSystem.start(options)
/// for await event in system.events {
///     if case .crashed(let report) = event.kind { print(report.backtrace ?? "no backtrace") }
/// }
/// ```
///
/// It is the thread that crashed, from where it crashed outwards; outside of an asynchronous function is the one
/// that waits for it. Files and lines are known where there is debug information, which optimised builds of the
/// package manager have too. Swift's `swift-backtrace` makes it, of a copy of the process, so that nobody but the
/// report waits for it; see `docs/Backtracing.rst` of Swift.
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
    public var description: String { Self.lines(frames).joined(separator: "\n") }

    /// What says something about the actor, in a few lines of bounded length, and how many frames there are
    /// besides.
    var summary: [String] {
        let told = frames.drop(while: \.isFailing).prefix { !$0.isServing }
        // A crash in the runtime's own code: all there is may be of use.
        let own = told.contains { !$0.isGenerated } ? told : frames[...]
        let lines = Self.lines(own.filter { !$0.isGenerated })
        let shown = lines.prefix(Self.maximumLines).map { line in
            line.count > Self.maximumWidth ? line.prefix(Self.maximumWidth) + "…" : line
        }
        let left = lines.count - shown.count
        let outside = frames.count - own.endIndex
        return shown + (left > 0 ? ["… and \(left) more"] : [])
            + (outside > 0 ? ["… and \(outside) more of the runtime"] : [])
    }

    private static let maximumLines = 24
    private static let maximumWidth = 160

    // A recursion is one line, with the number of its frames in a row.
    private static func lines(_ frames: [Frame]) -> [String] {
        var lines: [String] = []
        var times = 0
        for (index, frame) in frames.enumerated() {
            times += 1
            let next = index + 1 < frames.count ? frames[index + 1].description : nil
            if next == frame.description, frame.omitted == 0 { continue }
            lines.append(times == 1 ? frame.description : "\(frame), \(times) times")
            times = 0
            if frame.omitted > 0 { lines.append("… \(frame.omitted) more …") }
        }
        return lines
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
