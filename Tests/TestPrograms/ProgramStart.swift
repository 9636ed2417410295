internal import CTestPrograms
internal import Glibc

/// What a program is started with.
struct ProgramStart {
    var path: String
    var arguments: [String]
    /// What its environment has beside the tests' own.
    var environment: [String: String]
    var directory: String?

    /// Starts it with these descriptors as its standard streams; -1 for the tests' own.
    func run(streams: [Int32]) throws(TestProgramError) -> Int32 {
        var id: pid_t = 0
        let error = unsafe withCStrings([path] + arguments) { arguments in
            unsafe withCStrings(wholeEnvironment) { environment in
                if let directory {
                    unsafe test_start_program(path, arguments, environment, directory, streams, &id)
                } else {
                    unsafe test_start_program(path, arguments, environment, nil, streams, &id)
                }
            }
        }
        guard error == 0 else { throw TestProgramError("posix_spawn of \(path)", error) }
        return id
    }

    private var wholeEnvironment: [String] {
        var all = environment.map { "\($0)=\($1)" }
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let text = unsafe String(cString: text)
            if environment[String(text.prefix { $0 != "=" })] == nil { all.append(text) }
            unsafe entry += 1
        }
        return all
    }

    /// Calls `body` with strings as C wants them: an array of pointers that ends with a null pointer.
    private func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let pointers = unsafe strings.map { unsafe strdup($0) } + [nil]
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe body(pointers)
    }
}
