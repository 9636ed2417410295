import Foundation
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

    @Test func `at SIGTERM the tree is stopped in order, and the program ends by the signal`() async throws {
        for _ in 1...3 {
            let node = try NodeProgram("--terminated")
            let processes = node.nextNumbers()
            #expect(processes.count == 6)
            kill(node.process.processIdentifier, SIGTERM)
            let lines = node.remainingLines()
            node.process.waitUntilExit()
            #expect(
                lines.filter { $0 != "[lone] stops" } == [
                    "[c] stops", "[b] stops", "[a] stops", "printed and not flushed",
                ])
            #expect(lines.contains("[lone] stops"))
            #expect(node.process.terminationReason == .uncaughtSignal)
            #expect(node.process.terminationStatus == SIGTERM)
            #expect(processes.filter(Processes.isAlive) == [])
        }
    }

    @Test(arguments: ["--handled", "--ignored"])
    func `a program that handles or ignores SIGTERM keeps doing so`(_ way: String) async throws {
        let node = try NodeProgram("--terminated", way)
        let processes = node.nextNumbers()
        #expect(processes.count == 6)
        kill(node.process.processIdentifier, SIGTERM)
        if way == "--handled" { #expect(node.nextLine() == "handled") }
        #expect(processes.allSatisfy(Processes.isAlive))
        try node.closeInput()
        #expect(node.remainingLines().count == 5)
        node.process.waitUntilExit()
        #expect(node.process.terminationReason == .exit)
        #expect(node.process.terminationStatus == 0)
    }

    @Test func `an orphan that the program inherits is reaped, its own child is left to it`() async throws {
        let node = try NodeProgram("--reaper")
        let orphan = try #require(node.nextNumbers().first)
        #expect(orphan > 0)
        #expect(node.nextLine() == "waited")
        let end = ContinuousClock.now + .seconds(20)
        // Nobody announces the end of a zombie.
        while Processes.exists(orphan), ContinuousClock.now < end { await Task.yield() }
        #expect(!Processes.exists(orphan))
        try node.closeInput()
        #expect(node.remainingLines() == [])
        node.process.waitUntilExit()
        #expect(node.process.terminationStatus == 0)
    }
}
