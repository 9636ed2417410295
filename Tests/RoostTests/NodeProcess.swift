import Foundation
import RoostTesting
import TestPrograms

/// A node in a process of its own, for tests that end it: `Tests/NodeUnderTest`.
struct NodeProcess: ~Copyable {
    private let program: TestProgram
    private let directory: URL
    /// In the environment of the node, and so of everything it starts.
    private let mark = "ROOST_TEST_NODE=\(UUID().uuidString)"
    /// The zygote and the workers, as the node has printed them.
    let processes: [Int32]

    /// Starts it, in an empty directory; returns when it says that everything is there.
    init(_ arguments: String...) throws {
        let files = FileManager.default
        directory = files.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try files.createDirectory(at: directory, withIntermediateDirectories: false)
        program = try .node(
            arguments,
            environment: ["ROOST_TEST_NODE": String(mark.dropFirst(16)), "TMPDIR": directory.path],
            directory: directory.path)
        processes = program.nextNumbers()
    }

    deinit {
        program.signal(SIGKILL)
        try? FileManager.default.removeItem(at: directory)
    }

    /// Everything that the node has started and that lives, the node itself included.
    var living: [Int32] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { Int32($0) }.filter { process in
            guard let environment = FileManager.default.contents(atPath: "/proc/\(process)/environ") else {
                return false
            }
            return environment.range(of: Data(mark.utf8)) != nil && Processes.isAlive(process)
        }
    }

    /// The files that were left where the node could have put some.
    var files: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
    }

    /// Kills the node; returns what is left when the time is up, and how long it took until nothing was.
    func kill(within limit: Duration) async -> (left: Set<Int32>, time: Duration) {
        // A process that is being torn down has no environment any more by which it could be told.
        let known = Set(living + processes)
        let killed = ContinuousClock.now
        program.signal(SIGKILL)
        program.wait()
        // Polling for an end that nobody can announce: the processes are not this one's children.
        var left = known.union(living).filter(Processes.isAlive)
        while !left.isEmpty, killed.duration(to: .now) < limit {
            await Task.yield()
            // In this order: to look for new ones takes its time, in which others end.
            left = left.union(living).filter(Processes.isAlive)
        }
        return (left, killed.duration(to: .now))
    }
}
