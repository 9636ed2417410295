import Glibc

/// Finds the corpus that comes with the example.
///
/// `Bundle.module` would find it too, but brings Foundation into every worker.
enum CorpusLocation {
    /// The directory of texts: beside the program, or where the program was built from.
    ///
    /// Nil if it is at neither.
    static func find() -> InputPath? {
        candidates.first { path in
            unsafe path.withCString { unsafe access($0, R_OK | X_OK) } == 0
        }
    }

    private static var candidates: [InputPath] {
        var candidates: [InputPath] = []
        if let program = programDirectory {
            candidates.append(program.appending(Array("Roost_WordCount.resources/Corpus/texts".utf8)))
        }
        // This file is two directories below the example's own.
        let source = Array("\(#filePath)".utf8).split(separator: UInt8(ascii: "/")).dropLast(2)
        let example = InputPath(bytes: source.flatMap { [UInt8(ascii: "/")] + $0 })
        candidates.append(example.appending(Array("Corpus/texts".utf8)))
        return candidates
    }

    private static var programDirectory: InputPath? {
        unsafe withUnsafeTemporaryAllocation(byteCount: Int(PATH_MAX), alignment: 1) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let length = unsafe readlink("/proc/self/exe", start, buffer.count)
            guard length > 0 else { return nil }
            let path = unsafe Array(buffer.prefix(length))
            guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return nil }
            return InputPath(bytes: Array(path[..<slash]))
        }
    }
}
