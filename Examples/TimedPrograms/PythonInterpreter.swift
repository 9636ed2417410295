import Glibc

/// The machine's Python.
public struct PythonInterpreter: Sendable {
    /// Where it is: not a launcher that would look for it each time.
    public let path: String
    /// Its version, such as `3.11.7`.
    public let version: String

    /// The `python3` that a shell would run; nil where there is none.
    public static func find() async -> PythonInterpreter? {
        let question = TimedProgram(
            path: "python3",
            arguments: ["-c", "import sys; print(sys.executable); print(sys.version.split()[0])"])
        guard let answer = try? await question.run(limit: .seconds(10)), answer.end == .exited(0) else {
            return nil
        }
        let lines = answer.output.split(separator: "\n")
        guard lines.count == 2 else { return nil }
        return PythonInterpreter(path: String(lines[0]), version: String(lines[1]))
    }

    /// A script, run so that it writes nothing beside itself and keeps no output back.
    public func program(_ script: PythonScript, _ arguments: [String] = []) -> TimedProgram {
        TimedProgram(path: path, arguments: ["-B", "-u", script.path] + arguments)
    }
}

/// A Python program that stands among an example's sources.
public struct PythonScript: Sendable {
    /// Where its file is.
    public let path: String

    /// The script `Python/NAME.py` of an example; nil when it is not there any more.
    ///
    /// - Parameters:
    ///   - name: the file's name, without its extension.
    ///   - source: the `#filePath` of a file one directory below the example's own.
    public init?(_ name: String, ofExampleWith source: String) {
        let example = source.split(separator: "/").dropLast(2).map { "/" + $0 }.joined()
        path = "\(example)/Python/\(name).py"
        guard unsafe access(path, R_OK) == 0 else { return nil }
    }
}
