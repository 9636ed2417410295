import RoostTesting
import Testing

@Suite(.underLoad) struct TreeNodeDeathTests {
    @Test func `nothing of a busy tree of sixty is left one second after the node was killed`() async throws {
        var slowest = Duration.zero
        for round in 1...20 {
            let node = try NodeProcess("--tree")
            #expect(node.processes.count == 61)
            // The node, the zygote, and most of the sixty: some are being restarted at every moment.
            #expect(node.living.count > 50)
            let (left, time) = await node.kill(within: .seconds(1))
            #expect(left == [] && node.files == [], "round \(round)")
            slowest = max(slowest, time)
        }
        print("the slowest of 20 took \(slowest / .milliseconds(1)) ms")
    }
}
