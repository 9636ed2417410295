import Foundation
import RoostTesting
import TestPrograms
import Testing

/// What a backtrace leaves behind, looked at from outside of a node of its own.
@Suite struct BacktraceEndTests {
    /// A node that crashes an actor for each line it reads.
    private final class CrashingNode {
        private let node: TestProgram

        init(program: String) throws {
            node = try .node("--backtraces", program)
        }

        func crash() throws { try node.write("crash\n") }

        /// What it says about the backtrace.
        func answer() -> String { node.nextLine() ?? "" }

        func kill() {
            node.signal(SIGKILL)
            node.wait()
        }

        var descriptors: Int {
            let path = "/proc/\(node.processID)/fd"
            return (try? FileManager.default.contentsOfDirectory(atPath: path).count) ?? 0
        }

        /// Its zygote and its workers, and anything else it has not reaped.
        var children: Int {
            let path = "/proc/\(node.processID)/task"
            let threads = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            return threads.reduce(0) { count, thread in
                let text = try? String(contentsOfFile: "\(path)/\(thread)/children", encoding: .utf8)
                return count + (text?.split(separator: " ").count ?? 0)
            }
        }
    }

    @Test func `backtraces leave no process and no descriptor behind`() throws {
        let node = try CrashingNode(program: "/nonexistent/swift-backtrace")
        func crash() throws {
            try node.crash()
            #expect(node.answer().contains("could not be run"))
        }
        try crash()
        try crash()
        let descriptors = node.descriptors
        for _ in 1...20 { try crash() }
        // The next incarnation may be under way: its five descriptors come and go.
        #expect(abs(node.descriptors - descriptors) <= 8)
        #expect(node.children <= 3)
    }

    @Test func `a backtrace ends with the node`() async throws {
        let hanging = try HangingProgram()
        let node = try CrashingNode(program: hanging.program.path)
        try node.crash()
        let processes = hanging.started()
        #expect(processes.count == 3 && processes.allSatisfy(Processes.isAlive))
        let killed = ContinuousClock.now
        node.kill()
        // Polling for an end that nobody can announce: the processes are not this one's children.
        while processes.contains(where: Processes.isAlive), killed.duration(to: .now) < .seconds(1) {
            await Task.yield()
        }
        #expect(processes.filter(Processes.isAlive) == [])
    }
}
