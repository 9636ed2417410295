import Glibc
import RoostPlatform
import Testing

@Suite(.timeLimit(.minutes(1))) struct ProcessStatusTests {
    @Test func `memory that is touched is resident, and memory that is not is not`() throws {
        let before = try #require(ProcessStatus.residentMemory(of: getpid()))
        let size = 64 << 20
        let memory = try unsafe #require(
            unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
        defer { unsafe _ = munmap(memory, size) }
        let mapped = try #require(ProcessStatus.residentMemory(of: getpid()))
        #expect(mapped - before < size / 2)
        unsafe _ = memset(memory, 1, size)
        let touched = try #require(ProcessStatus.residentMemory(of: getpid()))
        #expect(touched - before > size / 2)
    }

    @Test func `a stopped process is told from one that waits, and from one that has ended`() throws {
        let pid = try ChildProcessTests.spawn("/bin/sleep", "1000")
        #expect(ProcessStatus.state(of: pid) == .alive)
        ChildProcess.signal(pid, SIGSTOP)
        var information = unsafe siginfo_t()
        unsafe waitid(P_PID, id_t(pid), &information, WSTOPPED | WNOWAIT)
        #expect(ProcessStatus.state(of: pid) == .stopped)
        ChildProcess.signal(pid, SIGKILL)
        try ChildProcessTests.waitForEnd(pid)
        #expect(ProcessStatus.state(of: pid) == .ended)
        #expect(try ChildProcess.reap(pid) == .signalled(SIGKILL))
    }

    @Test func `of a process that does not exist nothing is known`() {
        #expect(ProcessStatus.residentMemory(of: .max - 1) == nil)
        #expect(ProcessStatus.state(of: .max - 1) == .ended)
    }
}
