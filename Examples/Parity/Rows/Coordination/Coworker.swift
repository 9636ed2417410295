import Distributed
import Roost

/// Somebody who works with others, and who may be killed while doing so.
distributed actor Coworker: ProcessActor {
    private var grants: [LeaseGrant] = []
    private var permits: [Permit] = []
    private var party: BarrierParty?

    /// Takes the lease, and keeps it.
    distributed func hold(_ lease: Lease) async throws { grants.append(try await lease.acquire()) }

    /// Takes the lease for a moment.
    distributed func use(_ lease: Lease) async throws { try await lease.acquire().release() }

    /// Takes a permit, and keeps it.
    distributed func hold(aPermitOf permits: Permits) async throws {
        self.permits.append(try await permits.acquire())
    }

    /// Returns when the latch is open.
    distributed func wait(for latch: Latch) async throws { try await latch.wait() }

    /// Becomes a party of the barrier.
    distributed func join(_ barrier: Barrier) async throws { party = try await barrier.join() }

    /// Waits for the other parties; says what came of it.
    distributed func meet() async throws -> String {
        do {
            try await party?.arrive()
            return "passed"
        } catch let error as CoordinationError where error.code == .broken {
            return "was told: \(error)"
        }
    }
}
