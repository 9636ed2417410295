internal import CRoost
internal import Glibc

/// A process that Roost started: how it is started, waited for and signalled.
package enum ChildProcess {
    /// How a process ended.
    package enum Status: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)
    }

    /// A change of a running child's state.
    package enum Change: Equatable, Sendable {
        case stopped(Int32)
        case continued
        case ended(Status)
    }

    package enum Role: String, Sendable {
        case zygote
        case worker
    }

    /// Starts this executable again in a role, with `socket` as its descriptor 3 and the workers' end of the
    /// node's crash pipe as 4; with `backtraces`, it and its forks make backtraces when they crash.
    ///
    /// The new process is a child of the calling *thread* for the purposes of the parent-death signal:
    /// call it from a thread that lives as long as the node.
    package static func start(
        _ role: Role, socket: Int32, crashes: Int32, output: Int32 = -1, errorOutput: Int32 = -1,
        backtraces: BacktraceSettings? = nil
    ) throws(SystemError) -> Int32 {
        var pid: pid_t = 0
        var start = unsafe roost_role_start(
            socket: socket, crashes: crashes, output: output, error_output: errorOutput,
            backtrace_settings: nil, backtrace_seconds: UInt32(backtraces?.seconds ?? 0))
        let error =
            if let settings = backtraces?.text {
                unsafe settings.withCString { text in
                    unsafe start.backtrace_settings = unsafe text
                    return unsafe roost_spawn_role(role.rawValue, &start, &pid)
                }
            } else {
                unsafe roost_spawn_role(role.rawValue, &start, &pid)
            }
        guard error == 0 else { throw SystemError("posix_spawn", error) }
        return pid
    }

    /// A descriptor that becomes readable when the process has ended.
    package static func openHandle(_ pid: Int32) throws(SystemError) -> Descriptor {
        let raw = roost_pidfd_open(pid)
        guard raw >= 0 else { throw SystemError("pidfd_open") }
        return Descriptor(owning: raw)
    }

    /// Reaps `pid` if it has ended; nil while it runs.
    package static func reap(_ pid: Int32) throws(SystemError) -> Status? {
        var change = roost_child_change()
        let result = unsafe roost_reap(pid, &change)
        if result < 0 { throw SystemError("waitid", -result) }
        if result == 0 { return nil }
        return status(of: change)
    }

    /// Whether `pid` has ended and was not reaped.
    package static func hasEnded(_ pid: Int32) -> Bool { roost_has_ended(pid) != 0 }

    /// The next child of this thread that was stopped, continued, or has ended, in which case it is reaped.
    package static func nextChange() -> (pid: Int32, change: Change)? {
        var change = roost_child_change()
        guard unsafe roost_next_child_change(&change, 1) == 1 else { return nil }
        switch Int(change.code) {
        case Int(CLD_STOPPED): return (change.pid, .stopped(change.status))
        case Int(CLD_CONTINUED): return (change.pid, .continued)
        default: return (change.pid, .ended(status(of: change)))
        }
    }

    /// Sends a signal.
    ///
    /// Safe against reuse of the number only while the child has not been reaped.
    @discardableResult
    package static func signal(_ pid: Int32, _ signal: Int32) -> Bool {
        kill(pid, signal) == 0
    }

    /// Ends the process and all others of its group, if it leads one.
    package static func killGroup(_ pid: Int32) {
        kill(-pid, SIGKILL)
        // It may not have come to making its group.
        kill(pid, SIGKILL)
    }

    /// The children of this process, whichever thread started them, that have ended and were not reaped.
    package static func zombies() -> Set<Int32> {
        Set(
            Directory.names(in: "/proc").compactMap { Int32($0) }.filter {
                ProcessStatus.isZombie($0, of: getpid())
            })
    }

    private static func status(of change: roost_child_change) -> Status {
        Int(change.code) == Int(CLD_EXITED) ? .exited(change.status) : .signalled(change.status)
    }
}
