import Glibc
import RoostPlatform
import Testing

@Suite struct WakeUpTests {
    @Test func `it is readable from a signal until it is reset`() throws {
        let wakeUp = try WakeUp()
        #expect(!isReadable(wakeUp.descriptor.raw))
        wakeUp.signal()
        #expect(isReadable(wakeUp.descriptor.raw))
        wakeUp.reset()
        #expect(!isReadable(wakeUp.descriptor.raw))
    }

    @Test func `many signals take one reset`() throws {
        let wakeUp = try WakeUp()
        for _ in 0..<1_000 { wakeUp.signal() }
        wakeUp.reset()
        #expect(!isReadable(wakeUp.descriptor.raw))
    }

    @Test func `a reset without a signal does not wait`() throws {
        let wakeUp = try WakeUp()
        wakeUp.reset()
        wakeUp.signal()
        #expect(isReadable(wakeUp.descriptor.raw))
    }

    @Test func `its descriptor is not inherited by programs that are started`() throws {
        let wakeUp = try WakeUp()
        #expect(fcntl(wakeUp.descriptor.raw, F_GETFD) & FD_CLOEXEC != 0)
    }
}
