import Glibc

/// What the operating system says of processes and files.
enum Machine {
    static var processID: Int32 { getpid() }

    /// Whether a process is there, and is more than a zombie that nobody has reaped.
    static func isAlive(_ process: Int32) -> Bool {
        let fields = contents(of: "/proc/\(process)/stat").split(separator: ")").last?.split(separator: " ")
        return fields?.first.map { $0 != "Z" && $0 != "X" } ?? false
    }

    /// The memory that processes have in use.
    static func megabytes(of processes: [Int32]) -> Int {
        let pages = processes.map { process in
            let fields = contents(of: "/proc/\(process)/statm").split(separator: " ")
            return fields.count > 1 ? Int(fields[1]) ?? 0 : 0
        }
        return (pages.reduce(0, +) * sysconf(Int32(_SC_PAGESIZE))) >> 20
    }

    /// The names in a directory; none when it cannot be read.
    static func names(in directory: String) -> Set<String> {
        guard let stream = unsafe opendir(directory) else { return [] }
        defer { unsafe closedir(stream) }
        var names: Set<String> = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.insert(name)
        }
        return names
    }

    private static func contents(of path: String) -> String {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe read(file, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
