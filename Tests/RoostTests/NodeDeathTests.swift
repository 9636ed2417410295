import Foundation
import RoostTesting
import Testing

@Suite struct NodeDeathTests {
    /// Starts the node under test and returns it with the process ids it printed.
    private func startNode() throws -> (Process, [Int32]) {
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("NodeUnderTest")
        let process = Process()
        let output = Pipe()
        process.executableURL = program
        process.standardOutput = output
        process.standardInput = Pipe()
        try process.run()
        var text = Data()
        while !text.contains(10) {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            text.append(more)
        }
        let numbers = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        return (process, numbers.compactMap { Int32($0) })
    }

    @Test func `nothing is left one second after the node was killed`() async throws {
        for _ in 1...3 {
            let (node, processes) = try startNode()
            #expect(processes.count == 13)
            #expect(processes.allSatisfy(Processes.exists))
            let killed = ContinuousClock.now
            kill(node.processIdentifier, SIGKILL)
            node.waitUntilExit()
            // Polling for an end that nobody can announce: the processes are not this one's children.
            while processes.contains(where: Processes.isAlive), killed.duration(to: .now) < .seconds(1) {
                await Task.yield()
            }
            #expect(processes.filter(Processes.isAlive) == [])
        }
    }
}
