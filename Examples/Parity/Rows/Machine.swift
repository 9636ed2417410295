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
            // Where it stands: the entry is shorter than its type.
            let name = unsafe withUnsafeMutablePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 1) { unsafe String(cString: $0) }
            }
            names.insert(name)
        }
        return names
    }

    /// A process's sockets, as paths.
    static func sockets(of process: Int32) -> [String] {
        let directory = "/proc/\(process)/fd"
        return names(in: directory).map { "\(directory)/\($0)" }
            .filter { target(of: $0).hasPrefix("socket:") }
    }

    /// Whether others can open a socket by the path of its descriptor.
    static func canOpen(_ path: String) -> Bool {
        let file = unsafe open(path, O_RDWR | O_CLOEXEC)
        if file >= 0 { close(file) }
        return file >= 0
    }

    /// Whether a socket has a name that others could connect to, in the file system or another.
    static func hasName(_ path: String) -> Bool {
        let number = target(of: path).filter(\.isNumber)
        // Number, references, protocol, flags, type, state, inode, and the name if there is one.
        return contents(of: "/proc/net/unix").split(separator: "\n").contains { line in
            let fields = line.split(separator: " ")
            return fields.count > 7 && fields[6] == number
        }
    }

    private static func target(of link: String) -> String {
        var bytes = [CChar](repeating: 0, count: 256)
        let count = unsafe readlink(link, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func contents(of path: String) -> String {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var all: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = unsafe read(file, &bytes, bytes.count)
            if count <= 0 { return String(decoding: all, as: UTF8.self) }
            all += bytes.prefix(count)
        }
    }
}
