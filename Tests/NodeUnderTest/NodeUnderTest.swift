// A node that a test kills: it starts actors of every kind of business, says who they are, and waits.
import Distributed
import Glibc
import Roost

distributed actor Busy: ProcessActor {
    distributed func processID() -> Int32 { getpid() }
    /// Computes without ever suspending.
    distributed func compute() {
        var number: UInt64 = 1
        while true { number = number &* 6_364_136_223_846_793_005 &+ 1 }
    }
    /// Calls one actor after another, for ever.
    distributed func call(_ others: [Busy]) async {
        while true {
            for other in others {
                _ = try? await other.call(within: .milliseconds(50)) { try await $0.processID() }
            }
        }
    }
}

@main struct NodeUnderTest {
    static func main() async throws {
        var options = SystemOptions()
        // The stopped ones are to be stopped still when the node dies.
        options.stoppedGrace = .seconds(600)
        options.crashReports = .silent
        let system = try await ProcessActorSystem.start(options)
        let isTree = CommandLine.arguments.contains("--tree")
        let processes = isTree ? try await BusyTree(system).start() : try await startTwelve(system)
        print(processes.map(String.init).joined(separator: " "))
        fflush(nil)
        if CommandLine.arguments.contains("--stop") {
            await system.stop()
        } else {
            // Until the test that started it ends, whichever way.
            while readLine() != nil {}
        }
    }

    private static func startTwelve(_ system: ProcessActorSystem) async throws -> [Int32] {
        var processes = [try await system.zygoteProcessID() ?? 0]
        for number in 0..<12 {
            let actor = try await system.spawn(Busy.self, named: "busy-\(number)")
            processes.append(try await actor.processID())
            // A third computes, a third is stopped, a third waits.
            if number % 3 == 0 { try await actor.tell { try await $0.compute() } }
            if number % 3 == 1, let last = processes.last { kill(last, SIGSTOP) }
        }
        return processes
    }
}
