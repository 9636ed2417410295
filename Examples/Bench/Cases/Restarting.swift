import Glibc
import Roost

/// From SIGKILL to the first answer of the next incarnation.
///
/// The node kills the actor's process with `kill(2)`, not through Roost, and calls the actor until an
/// answer comes from another process. A call that the kill interrupts is made again; calls that come
/// while there is no process wait for the next one. Measured from before the kill to the answer: noticing
/// the death, telling callers, forking, initialising, connecting, one call. No backoff: that is a matter
/// of policy.
struct RestartAfterKill: Benchmark {
    let name = "restart"
    let summary = "SIGKILL to the first answer of the next incarnation"

    func round(_ scale: Scale) async throws -> [Measurement] {
        try await ProcessActorSystem.run { system in
            let options = SpawnOptions(
                intensity: RestartIntensity(restarts: 1_000_000, within: .seconds(1)), backoff: .none)
            let victim = try await system.spawn(Echo.self, options: options)
            var process = try await victim.processID()
            for _ in 0..<10 { _ = try await restart(victim, &process) }
            var times: [UInt64] = []
            for _ in 0..<scale.of(300) { times.append(try await restart(victim, &process)) }
            return Percentiles(times).rows(name, .milliseconds, mark: .atMost(5))
        }
    }

    private func restart(_ victim: Echo, _ process: inout Int32) async throws -> UInt64 {
        let killed = process
        let start = Clock.now
        kill(killed, SIGKILL)
        while process == killed {
            do {
                process = try await victim.processID()
            } catch let error as RemoteCallError where error.code == .interrupted {
                // The outcome a call under way should have; the next one waits for the next incarnation.
            }
        }
        return Clock.now - start
    }
}
