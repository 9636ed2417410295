import Distributed
import Glibc
import Roost

/// Takes part in whatever it is given, from a process of its own.
distributed actor Participant: ProcessActor {
    static var reentrancy: Reentrancy { .reentrant }

    private var lease: LeaseGrant?
    private var permit: Permit?
    private var promise: LatchPromise?
    private var party: BarrierParty?

    distributed func processID() -> Int32 { getpid() }

    distributed func hold(_ lease: Lease) async throws -> FencingToken {
        let grant = try await lease.acquire()
        self.lease = grant
        return grant.token
    }

    distributed func dropLease() { lease = nil }
    distributed func releaseLease() { lease?.release() }
    distributed func leaseLoss() async -> ExitReason? { await lease?.loss() }

    distributed func hold(_ count: Int, of permits: Permits) async throws {
        permit = try await permits.acquire(count)
    }

    distributed func promise(_ latch: Latch) async throws { promise = try await latch.promise() }
    distributed func keepPromise() async throws { try await promise?.keep() }
    distributed func dropPromise() { promise = nil }
    distributed func wait(at latch: Latch) async throws { try await latch.wait() }

    distributed func join(_ barrier: Barrier) async throws { party = try await barrier.join() }
    distributed func arrive() async throws -> UInt64? { try await party?.arrive() }
    distributed func leaveBarrier() { party?.leave() }
}
