internal import Glibc
internal import RoostPlatform

/// Real signals to real processes, and what the kernel says of them.
public enum Processes {
    /// Sends a signal, such as `SIGKILL` or `SIGSTOP`.
    ///
    /// Returns false when there is no such process.
    @discardableResult
    public static func signal(_ processID: Int32, _ signal: Int32) -> Bool {
        kill(processID, signal) == 0
    }

    /// Whether a process with this id exists, dead and not yet reaped ones included.
    public static func exists(_ processID: Int32) -> Bool {
        kill(processID, 0) == 0 || errno == EPERM
    }

    /// Whether the process exists and has not ended: a zombie has.
    public static func isAlive(_ processID: Int32) -> Bool {
        guard let state = text(ofStat: "/proc/\(processID)/stat", field: 3) else { return false }
        return state != "Z" && state != "X"
    }

    /// Whether the process is a child of this one, alive or a zombie.
    public static func isChild(_ processID: Int32) -> Bool {
        text(ofStat: "/proc/\(processID)/stat", field: 4) == "\(getpid())"
    }

    /// The number of descriptors this process has open.
    public static var openDescriptors: Int { Directory.names(in: "/proc/self/fd").count - 1 }

    /// The number of threads this process has.
    public static var threads: Int { Directory.names(in: "/proc/self/task").count }

    /// The memory of this process that is resident, in KiB.
    public static var residentKibibytes: Int {
        let pages = text(ofStat: "/proc/self/stat", field: 24).flatMap { Int($0) } ?? 0
        return pages * sysconf(Int32(_SC_PAGESIZE)) / 1_024
    }

    /// The children of this process, zombies included.
    public static var children: [Int32] {
        Directory.names(in: "/proc").compactMap { Int32($0) }.filter(isChild)
    }

    /// A field of a `stat` file, counted from 1; the second, a name in brackets, may hold spaces.
    private static func text(ofStat path: String, field number: Int) -> String? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe _ = fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 1_024)
        let count = unsafe fread(&buffer, 1, buffer.count, file)
        let text = String(decoding: buffer.prefix(count), as: UTF8.self)
        guard let bracket = text.lastIndex(of: ")") else { return nil }
        let rest = text[text.index(after: bracket)...].split(separator: " ")
        return number >= 3 && number - 3 < rest.count ? String(rest[number - 3]) : nil
    }
}
