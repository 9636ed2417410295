import Glibc
import RoostPlatform
import Testing

@Suite struct DescriptorTests {
    /// A descriptor with a number so high that nobody else in this process gets it meanwhile.
    private static func open(_ number: Int32) -> Int32 {
        let null = unsafe Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { _ = Glibc.close(null) }
        return fcntl(null, F_DUPFD_CLOEXEC, number)
    }

    private static func isOpen(_ raw: Int32) -> Bool { fcntl(raw, F_GETFD) != -1 }

    @Test func `a descriptor is closed when its owner goes out of scope`() {
        let raw = Self.open(900)
        do {
            let descriptor = Descriptor(owning: raw)
            #expect(Self.isOpen(descriptor.raw))
        }
        #expect(!Self.isOpen(raw))
    }

    @Test func `a descriptor that was closed is not closed again`() {
        let raw = Self.open(910)
        var second: Int32 = -1
        do {
            let descriptor = Descriptor(owning: raw)
            descriptor.close()
            #expect(!Self.isOpen(raw))
            second = Self.open(raw)
            #expect(second == raw)
        }
        #expect(Self.isOpen(second))
        Descriptor(owning: second).close()
    }

    @Test func `a released descriptor stays open`() {
        let raw = Self.open(920)
        do {
            let descriptor = Descriptor(owning: raw)
            #expect(descriptor.release() == raw)
        }
        #expect(Self.isOpen(raw))
        Descriptor(owning: raw).close()
        #expect(!Self.isOpen(raw))
    }

    @Test func `an error says which call failed and how`() {
        #expect(SystemError("socketpair", EMFILE).description == "socketpair: Too many open files (errno 24)")
        errno = EBADF
        #expect(SystemError("fcntl") == SystemError("fcntl", EBADF))
    }

    @Test func `an interrupted call is made again, a failed one is not`() {
        var results: [(Int, Int32)] = [(-1, EINTR), (-1, EINTR), (5, 0), (6, 0)]
        let call = {
            let (result, number) = results.removeFirst()
            errno = number
            return result
        }
        #expect(retryingInterrupts(call) == 5)
        results = [(-1, EAGAIN), (1, 0)]
        #expect(retryingInterrupts(call) == -1 && errno == EAGAIN)
    }
}
