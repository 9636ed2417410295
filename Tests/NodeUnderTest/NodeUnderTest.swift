// A node that a test kills: it starts actors of every kind of business, says who they are, and waits.
import Distributed
import Glibc
import Roost

distributed actor Busy: ProcessActor {
    distributed func processID() -> Int32 { getpid() }
    distributed func crash() { abort() }
    private var blob: Blob?
    distributed func keep(_ blob: Blob) { self.blob = blob }
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
        if CommandLine.arguments.contains("--terminated") { return try await Terminated.run() }
        if CommandLine.arguments.contains("--reaper") { return try await Reaper.run() }
        var options = SystemOptions()
        // The stopped ones are to be stopped still when the node dies.
        options.stoppedGrace = .seconds(600)
        if let index = CommandLine.arguments.firstIndex(of: "--backtraces") {
            return try await crashOnDemand(CommandLine.arguments[index + 1])
        }
        options.crashReports = .silent
        let system = try await ProcessActorSystem.start(options)
        let isTree = CommandLine.arguments.contains("--tree")
        let processes =
            if isTree {
                try await BusyTree(system).start()
            } else if CommandLine.arguments.contains("--blobs") {
                try await startKeepers(system)
            } else {
                try await startTwelve(system)
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

    /// For each line that it reads it crashes an actor, and says how the report came out when it is there.
    static func crashOnDemand(_ program: String) async throws {
        var options = SystemOptions()
        options.crashReports = .silent
        options.backtraces = true
        options.backtraceProgram = program
        options.backtraceLimit = .seconds(600)
        let system = try await ProcessActorSystem.start(options)
        let intensity = RestartIntensity(restarts: 1_000, within: .seconds(1))
        let busy = try await system.spawn(
            Busy.self, options: SpawnOptions(intensity: intensity, backoff: .none))
        var events = system.events.makeAsyncIterator()
        while readLine() != nil {
            _ = try await busy.processID()
            try await busy.tell { try await $0.crash() }
            while let event = await events.next() {
                guard case .crashed(let report) = event.kind else { continue }
                print(report.missingBacktrace ?? "made")
                fflush(nil)
                break
            }
        }
    }

    /// Two that have the same blob.
    private static func startKeepers(_ system: ProcessActorSystem) async throws -> [Int32] {
        var processes = [try await system.zygoteProcessID() ?? 0]
        let blob = try Blob(copying: [UInt8](repeating: 1, count: 1 << 20))
        for _ in 0..<2 {
            let actor = try await system.spawn(Busy.self)
            try await actor.keep(blob)
            processes.append(try await actor.processID())
        }
        return processes
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
