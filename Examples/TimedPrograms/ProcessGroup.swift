import Dispatch
@unsafe @preconcurrency import Glibc  // `environ` is not concurrency-safe; nothing here changes it.
import Synchronization

/// A running program and the processes it starts.
final class ProcessGroup: Sendable {
    private struct State {
        var isReaped = false
        var isOverdue = false
    }

    /// The program's process id, and its group's.
    private let leader: pid_t
    private let state = Mutex(State())

    init(
        starting program: TimedProgram, output: OutputSocket, errors: OutputSocket
    ) throws(TimedProgramError) {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output.writer, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors.writer, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        unsafe Self.setAsInAShell(&attributes)

        var words = unsafe ([program.path] + program.arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var process: pid_t = 0
        let error = unsafe posix_spawnp(&process, program.path, &actions, &attributes, &words, environ)
        guard error == 0 else {
            throw TimedProgramError(call: "posix_spawnp of \(program.path)", number: error)
        }
        leader = process
        RunningGroups.add(process)
    }

    // No signal is blocked or ignored, whatever this process does with its own.
    private static func setAsInAShell(_ attributes: UnsafeMutablePointer<posix_spawnattr_t>) {
        unsafe posix_spawnattr_setpgroup(attributes, 0)
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(attributes, &signals)
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(attributes, &signals)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        unsafe posix_spawnattr_setflags(attributes, Int16(flags))
    }

    /// Waits for the program's end, kills what is left of its group, and reaps the program.
    func end(limit: Duration) async -> ProgramResult.End {
        let nanoseconds = Int(min(limit / .nanoseconds(1), 9e18))
        DispatchQueue(label: "time-limit").asyncAfter(deadline: .now() + .nanoseconds(nanoseconds)) {
            [self] in
            state.withLock { state in
                guard !state.isReaped else { return }
                state.isOverdue = true
                kill(-leader, SIGKILL)
            }
        }
        return await onBlockingThread { [self] in waitAndReap() }
    }

    // It stays a zombie until its group is killed: the group's number is nobody else's until then.
    private func waitAndReap() -> ProgramResult.End {
        var information = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(leader), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        return state.withLock { state in
            kill(-leader, SIGKILL)
            RunningGroups.remove(leader)
            var status: Int32 = 0
            while unsafe waitpid(leader, &status, 0) == -1, errno == EINTR {}
            state.isReaped = true
            if state.isOverdue { return .hung }
            let signal = status & 0x7f
            return signal == 0 ? .exited(status >> 8 & 0xff) : .killed(signal: signal)
        }
    }
}

/// The process groups that are running, for a program that is interrupted.
public enum RunningGroups {
    private static let leaders = Mutex<Set<pid_t>>([])

    static func add(_ leader: pid_t) { leaders.withLock { _ = $0.insert(leader) } }
    static func remove(_ leader: pid_t) { leaders.withLock { _ = $0.remove(leader) } }

    /// Kills all that ``TimedProgram`` has started and that has not ended.
    public static func killAll() {
        leaders.withLock { for leader in $0 { kill(-leader, SIGKILL) } }
    }
}
