import Glibc
import RoostPlatform
import Testing

@Suite(.timeLimit(.minutes(1))) struct ChildProcessTests {
    /// Starts a program that has nothing to do with Roost, as a child of the calling thread.
    static func spawn(_ arguments: String...) throws -> Int32 {
        var pid: pid_t = 0
        var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe pointers.forEach { unsafe free($0) } }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
        // A child has the signal mask of the thread that starts it, and most threads here take no signals.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let error = unsafe posix_spawn(&pid, arguments[0], nil, &attributes, &pointers, environ)
        guard error == 0 else { throw SystemError("posix_spawn", error) }
        return pid
    }

    /// Waits for the process to end, without reaping it.
    static func waitForEnd(_ pid: Int32) throws {
        let handle = try ChildProcess.openHandle(pid)
        #expect(isReadable(handle.raw, within: 30_000), "the child does not end")
    }

    @Test(arguments: [0, 1, 7, 255]) func `a child that exits is reaped with its code`(_ code: Int32) throws {
        let pid = try Self.spawn("/bin/sh", "-c", "exit \(code)")
        try Self.waitForEnd(pid)
        #expect(ChildProcess.hasEnded(pid))
        #expect(try ChildProcess.reap(pid) == .exited(code))
        #expect(!ChildProcess.hasEnded(pid))
    }

    @Test(arguments: [SIGKILL, SIGTERM, SIGABRT, SIGSEGV])
    func `a child that a signal ends is reaped with the signal`(_ number: Int32) throws {
        let pid = try Self.spawn("/bin/sleep", "1000")
        #expect(try ChildProcess.reap(pid) == nil)
        #expect(!ChildProcess.hasEnded(pid))
        #expect(ChildProcess.signal(pid, number))
        try Self.waitForEnd(pid)
        #expect(try ChildProcess.reap(pid) == .signalled(number))
    }

    @Test func `a child is reaped once`() throws {
        let pid = try Self.spawn("/bin/true")
        try Self.waitForEnd(pid)
        #expect(try ChildProcess.reap(pid) == .exited(0))
        #expect(throws: SystemError("waitid", ECHILD)) { try ChildProcess.reap(pid) }
    }

    @Test func `a child that has ended can be signalled until it is reaped`() throws {
        let pid = try Self.spawn("/bin/true")
        try Self.waitForEnd(pid)
        #expect(ChildProcess.signal(pid, SIGTERM))
        #expect(try ChildProcess.reap(pid) == .exited(0))
    }

    @Test func `a handle is readable when the child has ended and not before`() throws {
        let pid = try Self.spawn("/bin/sleep", "1000")
        let handle = try ChildProcess.openHandle(pid)
        #expect(fcntl(handle.raw, F_GETFD) & FD_CLOEXEC != 0)
        #expect(!isReadable(handle.raw))
        ChildProcess.signal(pid, SIGKILL)
        #expect(isReadable(handle.raw, within: 30_000))
        #expect(try ChildProcess.reap(pid) == .signalled(SIGKILL))
    }

    @Test func `a process that does not exist has no handle and takes no signal`() {
        let nobody = Int32.max - 1
        #expect(throws: SystemError("pidfd_open", ESRCH)) { _ = try ChildProcess.openHandle(nobody).raw }
        #expect(!ChildProcess.signal(nobody, SIGTERM))
        #expect(throws: SystemError("waitid", ECHILD)) { try ChildProcess.reap(nobody) }
    }

    @Test func `stopping, continuing and ending are reported in turn`() async throws {
        // On a thread of its own: only what a thread started itself is reported to it.
        let changes = try await onOwnThread {
            let wakeUp = try WakeUp()
            #expect(try WatchedSignal.childChanged.watch(wakeUp))
            defer { WatchedSignal.childChanged.unwatch(wakeUp) }
            let pid = try Self.spawn("/bin/sleep", "1000")
            var seen: [ChildProcess.Change] = []
            for signal in [SIGSTOP, SIGCONT, SIGTERM] {
                ChildProcess.signal(pid, signal)
                seen.append(Self.nextChange(of: pid, wakeUp))
            }
            #expect(ChildProcess.nextChange() == nil)
            return seen
        }
        #expect(changes == [.stopped(SIGSTOP), .continued, .ended(.signalled(SIGTERM))])
    }

    private static func nextChange(of pid: Int32, _ wakeUp: borrowing WakeUp) -> ChildProcess.Change {
        while true {
            wakeUp.reset()
            if let next = ChildProcess.nextChange() {
                #expect(next.pid == pid)
                return next.change
            }
            #expect(isReadable(wakeUp.descriptor.raw, within: 30_000), "no SIGCHLD")
        }
    }

    @Test func `an ended child is reaped by being reported`() async throws {
        try await onOwnThread {
            let pid = try Self.spawn("/bin/sh", "-c", "exit 3")
            try Self.waitForEnd(pid)
            let next = ChildProcess.nextChange()
            #expect(next?.pid == pid && next?.change == .ended(.exited(3)))
            #expect(ChildProcess.nextChange() == nil)
            #expect(throws: SystemError("waitid", ECHILD)) { try ChildProcess.reap(pid) }
        }
    }

    @Test func `what another thread started is none of this one's business`() async throws {
        try await onOwnThread {
            let pid = try Self.spawn("/bin/true")
            try Self.waitForEnd(pid)
            let done = try WakeUp()
            let signal = dup(done.descriptor.raw)
            try RuntimeThread.start(named: "other") {
                #expect(ChildProcess.nextChange() == nil)
                var one: UInt64 = 1
                _ = unsafe write(signal, &one, 8)
                _ = close(signal)
            }
            #expect(isReadable(done.descriptor.raw, within: 30_000))
            #expect(ChildProcess.nextChange()?.change == .ended(.exited(0)))
        }
    }

    @Test func `every watcher is woken, and none that has stopped watching`() async throws {
        try await onOwnThread {
            let first = try WakeUp()
            let second = try WakeUp()
            let former = try WakeUp()
            // The one that stops watching comes first, so it would be woken before the others.
            #expect(try WatchedSignal.childChanged.watch(former))
            #expect(try WatchedSignal.childChanged.watch(first))
            #expect(try WatchedSignal.childChanged.watch(second))
            WatchedSignal.childChanged.unwatch(former)
            former.reset()
            let pid = try Self.spawn("/bin/true")
            #expect(isReadable(first.descriptor.raw, within: 30_000))
            #expect(isReadable(second.descriptor.raw, within: 30_000))
            #expect(!isReadable(former.descriptor.raw))
            WatchedSignal.childChanged.unwatch(first)
            WatchedSignal.childChanged.unwatch(second)
            try Self.waitForEnd(pid)
            #expect(try ChildProcess.reap(pid) == .exited(0))
        }
    }

    @Test func `a process knows its number and its variables`() {
        #expect(CurrentProcess.id == getpid())
        #expect(CurrentProcess.variable("PATH") != nil)
        #expect(CurrentProcess.variable("ROOST_NO_SUCH_VARIABLE") == nil)
    }
}
