import Foundation
import TestPrograms

@testable import WordCount

/// The real program, running as a process.
final class Program: Sendable {
    /// Where standard output or standard error goes.
    enum Target {
        case capture
        case terminal(columns: UInt16)
        /// A pipe that nobody reads, or whose reading end is closed.
        case blocked
        case closed
    }

    /// How it ended.
    struct End: Sendable {
        /// The exit status; nil if it was killed by a signal.
        var status: Int32?
        var output: [UInt8]
        var errors: String
    }

    var processID: Int32 { program.processID }
    let output: Capture?
    let errors: Capture
    private let program: TestProgram
    private let held: [Int32]

    /// Starts it.
    init(
        _ arguments: [String], temporary: TemporaryDirectory? = nil, output: Target = .capture,
        errors: Target = .capture
    ) throws {
        let outputs = try Ends(output)
        let errorEnds = try Ends(errors)
        defer {
            close(outputs.write)
            close(errorEnds.write)
        }
        program = try TestProgram(
            TestProgram.path(of: "word-count"), arguments,
            environment: temporary.map { ["TMPDIR": $0.url.path] } ?? [:],
            output: .descriptor(outputs.write), errors: .descriptor(errorEnds.write))
        self.output = outputs.isRead ? Capture(outputs.read) : nil
        self.errors = Capture(errorEnds.read)
        held = outputs.isRead || outputs.isClosed ? [] : [outputs.read]
    }

    deinit {
        for descriptor in held { close(descriptor) }
    }

    /// Runs it to its end.
    static func run(
        _ arguments: [String], output: Target = .capture, errors: Target = .capture
    ) throws -> End {
        try Program(arguments, output: output, errors: errors).end()
    }

    /// Waits until the processes have been started and told, and returns their ids by name.
    func tree() -> [String: Int32] {
        _ = errors.wait { $0.firstMatch(of: /└─.*\R/) != nil }
        return ProcessList.tree(in: errors.text)
    }

    /// How many bytes are in the pipe that nobody reads.
    var unreadOutput: Int32 {
        var count: Int32 = 0
        guard let pipe = held.first, unsafe ioctl(pipe, UInt(FIONREAD), &count) == 0 else { return 0 }
        return count
    }

    func signal(_ number: Int32) {
        program.signal(number)
    }

    /// Waits for the end of the process itself, whatever else holds its descriptors.
    func exitStatus() -> Int32? {
        if case .exited(let status) = program.wait() { status } else { nil }
    }

    func end() -> End {
        let status = exitStatus()
        output?.waitForEnd()
        errors.waitForEnd()
        return End(status: status, output: output?.bytes ?? [], errors: errors.text)
    }

    /// The two ends of what a program writes to.
    private struct Ends {
        var read: Int32
        var write: Int32
        var isRead = true
        var isClosed = false

        init(_ target: Target) throws {
            if case .terminal(let columns) = target {
                let terminal = try PseudoTerminal(columns: columns)
                (read, write) = (terminal.viewer, terminal.terminal)
                return
            }
            var ends: [Int32] = [-1, -1]
            guard unsafe pipe(&ends) == 0 else { throw SystemError.last }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            (read, write) = (ends[0], ends[1])
            switch target {
            case .capture, .terminal: break
            case .blocked: isRead = false
            case .closed:
                isRead = false
                isClosed = true
                close(read)
            }
        }
    }
}
