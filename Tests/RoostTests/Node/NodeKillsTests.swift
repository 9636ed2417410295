import Distributed
import Glibc
import RoostTesting
import Testing

@testable import Roost

@Suite struct NodeKillsTests {
    @Test(arguments: [ExitReason.Killer.user, .stopped, .shutdownTimeout])
    func `a process that ended before it was killed has its own reason`(_ killer: ExitReason.Killer)
        async throws
    {
        try await withTestSystem { test in
            let options = SpawnOptions(restart: .temporary)
            let counter = try await test.spawn(Counter.self, named: "c", .init(start: 0), options: options)
            let watch = try await test.system.watch(counter)
            let pid = try await counter.processID()
            let node = try #require(test.system.node)
            try await node.onLoop { node, done in
                Processes.signal(pid, SIGKILL)
                // The node is busy with this, and hears of nothing.
                var ended = unsafe siginfo_t()
                unsafe _ = waitid(P_PID, id_t(pid), &ended, WEXITED | WNOWAIT)
                if let process = node.processByID[pid] { node.kill(process, killer) }
                done(.success(()))
            }
            #expect(try await watch.value == .crashed(signal: SIGKILL))
        }
    }
}
