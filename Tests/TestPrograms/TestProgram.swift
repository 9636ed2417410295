internal import Glibc
internal import Synchronization

/// A program that a test starts, talks to through its standard streams, and waits for.
///
/// Not Foundation's `Process`: its `run()` reads beyond the end of a directory's buffer now and then, and the
/// tests' own process dies of it (swift-corelibs-foundation, pull request 5472, mended after Swift 6.3.1).
package final class TestProgram: Sendable {
    /// How it ended.
    package enum End: Equatable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    /// What a standard stream of the program is.
    package enum Stream: Sendable {
        /// The tests' own.
        case inherited
        case null
        /// A pipe whose other end is the test's.
        case pipe
        /// This descriptor, which the test goes on owning.
        case descriptor(Int32)
    }

    package let processID: Int32
    private let input: TestEnd
    private let output: TestEnd
    private let end = Mutex<End?>(nil)

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - path: where its file is.
    ///   - arguments: its arguments, without its own name.
    ///   - environment: what its environment has beside the tests' own.
    ///   - directory: its working directory, if not the tests' own.
    ///   - input: its standard input.
    ///   - output: its standard output.
    ///   - errors: its standard error.
    /// - Throws: ``TestProgramError``.
    package init(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], directory: String? = nil,
        input: Stream = .null, output: Stream = .inherited, errors: Stream = .inherited
    ) throws {
        let inputEnds = try StreamEnds(input, .input)
        let outputEnds = try StreamEnds(output, .output)
        let errorEnds = try StreamEnds(errors, .errors)
        let start = ProgramStart(
            path: path, arguments: arguments, environment: environment, directory: directory)
        processID = try start.run(
            streams: [inputEnds.program.number, outputEnds.program.number, errorEnds.program.number])
        (self.input, self.output) = (inputEnds.test, outputEnds.test)
    }

    deinit {
        // Only when a test has failed half way.
        if end.withLock({ $0 == nil }) {
            signal(SIGKILL)
            wait()
        }
    }

    /// Sends a signal, unless it was waited for.
    package func signal(_ number: Int32) {
        end.withLock { if $0 == nil { kill(processID, number) } }
    }

    /// Waits for its end, whatever else holds its streams.
    @discardableResult
    package func wait() -> End {
        var info = unsafe siginfo_t()
        // It is reaped under the lock, so that no signal goes to another process of the same number.
        while unsafe waitid(P_PID, id_t(processID), &info, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        return end.withLock { end in
            if let end { return end }
            var status: Int32 = 0
            while unsafe waitpid(processID, &status, 0) == -1, errno == EINTR {}
            let found: End = status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .killed(signal: status & 0x7f)
            end = found
            return found
        }
    }

    /// Writes to its standard input, which is a pipe.
    package func write(_ text: String) throws { try input.write(Array(text.utf8)) }

    /// Ends its standard input.
    package func closeInput() { input.close() }

    /// The next line of its standard output, which is a pipe; nil at its end.
    package func nextLine() -> String? {
        output.read(through: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// All lines up to the end of its standard output.
    package func remainingLines() -> [String] {
        var lines: [String] = []
        while let line = nextLine() { lines.append(line) }
        return lines
    }

    /// The bytes up to the end of its standard output, which is a pipe.
    package func remainingOutput() -> [UInt8] { output.readToEnd() }
}

extension TestProgram {
    /// Where an executable of this package is: beside the tests.
    package static func path(of product: String) throws -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw TestProgramError("readlink", errno) }
        let tests = String(decoding: buffer[..<count], as: UTF8.self)
        return tests.prefix(upTo: tests.lastIndex(of: "/") ?? tests.startIndex) + "/" + product
    }
}
