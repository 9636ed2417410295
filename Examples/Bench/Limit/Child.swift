@unsafe @preconcurrency import Glibc  // `environ` is not concurrency-safe; nothing here changes it.

/// A process started with `posix_spawn`, without Roost.
struct Child: Sendable {
    /// The descriptor on which the child finds its socket.
    static let socket: Int32 = 3

    private let process: pid_t

    /// Starts `path`, with `socket` as its descriptor 3.
    init(path: String, arguments: [String], socket: Int32? = nil) throws {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        // Onto itself it is kept open, too: the call then clears its close-on-exec flag.
        if let socket { unsafe posix_spawn_file_actions_adddup2(&actions, socket, Self.socket) }

        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var process: pid_t = 0
        let result = unsafe posix_spawn(&process, path, &actions, nil, &words, environ)
        try CheckFailed.unless(result == 0, "cannot start \(path): error \(result)")
        self.process = process
    }

    /// Waits until it has ended, and gives its status as `waitpid` tells it.
    @discardableResult func wait() throws -> Int32 {
        var status: Int32 = 0
        while true {
            let reaped = unsafe waitpid(process, &status, 0)
            if reaped == process { return status }
            try CheckFailed.unless(
                reaped == -1 && errno == EINTR, "cannot wait for the child: error \(errno)")
        }
    }
}

/// This program, started once more as the other side of a limit, and the socket to it.
struct Peer: Sendable {
    let socket: Int32
    private let child: Child

    init(_ role: LimitChild.Role) throws {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let result = unsafe socketpair(AF_UNIX, kind, 0, &ends)
        try CheckFailed.unless(result == 0, "cannot make a pair of sockets: error \(errno)")
        defer { close(ends[1]) }
        do {
            child = try Child(
                path: "/proc/self/exe", arguments: [LimitChild.option, role.rawValue, "\(Child.socket)"],
                socket: ends[1])
        } catch {
            close(ends[0])
            throw error
        }
        socket = ends[0]
    }

    /// Closes the socket, which ends the child, and reaps it.
    func end() {
        close(socket)
        _ = try? child.wait()
    }
}
