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
}

@main struct NodeUnderTest {
    static func main() async throws {
        if CommandLine.arguments.contains("--terminated") { return try await Terminated.run() }
        if CommandLine.arguments.contains("--reaper") { return try await Reaper.run() }
        var options = SystemOptions()
        // The stopped ones are to be stopped still when the node dies.
        options.stoppedGrace = .seconds(600)
        let system = try await ProcessActorSystem.start(options)
        var processes = [try await system.zygoteProcessID() ?? 0]
        for number in 0..<12 {
            let actor = try await system.spawn(Busy.self, named: "busy-\(number)")
            processes.append(try await actor.processID())
            // A third computes, a third is stopped, a third waits.
            if number % 3 == 0 { try await actor.tell { try await $0.compute() } }
            if number % 3 == 1, let last = processes.last { kill(last, SIGSTOP) }
        }
        print(processes.map(String.init).joined(separator: " "))
        fflush(nil)
        if CommandLine.arguments.contains("--stop") {
            await system.stop()
        } else {
            // Until the test that started it ends, whichever way.
            while readLine() != nil {}
        }
    }
}
