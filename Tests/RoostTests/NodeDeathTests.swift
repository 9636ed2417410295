import RoostTesting
import Testing

@Suite struct NodeDeathTests {
    @Test func `nothing is left one second after the node was killed`() async throws {
        for _ in 1...3 {
            let node = try NodeProcess()
            #expect(node.processes.count == 13)
            #expect(node.processes.allSatisfy(Processes.exists))
            let (left, _) = await node.kill(within: .seconds(1))
            #expect(left == [] && node.files == [])
        }
    }
}
