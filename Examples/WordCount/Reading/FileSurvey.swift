import Glibc

/// Which files are to be counted, found by walking the paths that a person named.
///
/// Files are in the order of the paths on the command line, and within a directory in the order of the bytes of
/// their names; a path named twice is counted twice, as `cat` would. Symbolic links are followed, to files and to
/// directories, except into a directory that the walk is already inside of: so a loop ends, and nothing is left
/// out by that. Hidden files are files.
struct FileSurvey: Sendable {
    /// A file and its length when it was looked at.
    struct File: Hashable, Sendable {
        var path: InputPath
        var size: Int
    }

    private(set) var files: [File] = []
    private(set) var problems: [InputProblem] = []
    /// The sum of the files' lengths.
    private(set) var byteCount = 0

    /// Walks the paths.
    ///
    /// What cannot be counted becomes one of the ``problems``; the walk goes on.
    init(_ paths: [InputPath]) {
        for path in paths { visit(path, inside: []) }
    }

    /// What tells one directory from another, whatever it is called.
    private struct Identity: Equatable {
        var device: dev_t
        var inode: ino_t
    }

    private mutating func visit(_ path: InputPath, inside ancestors: [Identity]) {
        var status = stat()
        guard unsafe path.withCString({ unsafe stat($0, &status) }) == 0 else {
            note(path, Self.reason(errno))
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            add(path, size: Int(status.st_size))
        case S_IFDIR:
            let identity = Identity(device: status.st_dev, inode: status.st_ino)
            if !ancestors.contains(identity) { walk(path, inside: ancestors + [identity]) }
        default:
            note(path, .notAFile)
        }
    }

    private mutating func add(_ path: InputPath, size: Int) {
        guard size > 0 else {
            note(path, .emptyFile)
            return
        }
        files.append(File(path: path, size: size))
        byteCount += size
    }

    private mutating func walk(_ directory: InputPath, inside ancestors: [Identity]) {
        do throws(SystemError) {
            let names = try Self.names(in: directory)
            if names.isEmpty { note(directory, .emptyDirectory) }
            for name in names { visit(directory.appending(name), inside: ancestors) }
        } catch {
            note(directory, .unreadable(errno: error.number))
        }
    }

    private mutating func note(_ path: InputPath, _ reason: InputProblem.Reason) {
        problems.append(InputProblem(path: path, reason: reason))
    }

    private static func reason(_ error: Int32) -> InputProblem.Reason {
        error == ENOENT ? .noSuchFile : .unreadable(errno: error)
    }

    private static func names(in directory: InputPath) throws(SystemError) -> [[UInt8]] {
        guard let stream = unsafe directory.withCString({ unsafe opendir($0) }) else {
            throw SystemError.last
        }
        defer { unsafe closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            // readdir tells its end from an error only by this.
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                if errno != 0 { throw SystemError.last }
                break
            }
            let name = unsafe name(of: entry)
            if name != [UInt8(ascii: ".")] && name != Array("..".utf8) { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    // An entry is as long as its name, however long `d_name` is declared: never copy that.
    private static func name(of entry: UnsafePointer<dirent>) -> [UInt8] {
        guard let offset = MemoryLayout.offset(of: \dirent.d_name) else {
            preconditionFailure("a field of C")
        }
        let start = unsafe UnsafeRawPointer(entry) + offset
        return unsafe Array(
            UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self))))
    }
}
