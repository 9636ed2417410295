import Glibc
import RoostTesting
import TestPrograms
import Testing

@Suite struct NodeDeathTests {
    @Test func `Process: nothing is left one second after the node was killed`() async throws {
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
            let node = try TestProgram.node("--terminated")
            let processes = node.nextNumbers()
            #expect(processes.count == 6)
            node.signal(SIGTERM)
            let lines = node.remainingLines()
            let end = node.wait()
            #expect(
                lines.filter { $0 != "[lone] stops" } == [
                    "[c] stops", "[b] stops", "[a] stops", "printed and not flushed",
                ])
            #expect(lines.contains("[lone] stops"))
            #expect(end == .killed(signal: SIGTERM))
            #expect(processes.filter(Processes.isAlive) == [])
        }
    }

    @Test(arguments: ["--handled", "--ignored"])
    func `a program that handles or ignores SIGTERM keeps doing so`(_ way: String) async throws {
        let node = try TestProgram.node("--terminated", way)
        let processes = node.nextNumbers()
        #expect(processes.count == 6)
        node.signal(SIGTERM)
        if way == "--handled" { #expect(node.nextLine() == "handled") }
        #expect(processes.allSatisfy(Processes.isAlive))
        node.closeInput()
        #expect(node.remainingLines().count == 5)
        #expect(node.wait() == .exited(0))
    }

    @Test func `an orphan that the program inherits is reaped, its own child is left to it`() async throws {
        let node = try TestProgram.node("--reaper")
        let orphan = try #require(node.nextNumbers().first)
        #expect(orphan > 0)
        #expect(node.nextLine() == "waited")
        let end = ContinuousClock.now + .seconds(20)
        // Nobody announces the end of a zombie.
        while Processes.exists(orphan), ContinuousClock.now < end { await Task.yield() }
        #expect(!Processes.exists(orphan))
        node.closeInput()
        #expect(node.remainingLines() == [])
        #expect(node.wait() == .exited(0))
    }
}
