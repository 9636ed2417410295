import Distributed
import Glibc
import Roost

/// Says when it stops.
distributed actor Departing: ProcessActor {
    typealias Arguments = String
    private let name: String
    init(_ name: String, actorSystem: ActorSystem) {
        self.name = name
        self.actorSystem = actorSystem
    }
    distributed func processID() -> Int32 { getpid() }
    func willStop() async { print("stops") }
}

/// A node that a test ends by SIGTERM.
enum Terminated {
    static func run() async throws {
        let isHandled = CommandLine.arguments.contains("--handled")
        if isHandled { _ = signal(SIGTERM) { _ in unsafe _ = write(1, "handled\n", 8) } }
        if CommandLine.arguments.contains("--ignored") { _ = signal(SIGTERM, SIG_IGN) }
        let system = try await ProcessActorSystem.start()
        // A second one, of which the program does not come to an end either before it is stopped.
        let other = try await ProcessActorSystem.start()
        _ = try await system.start(
            Supervisor("root") {
                Child(Departing.self, named: "a", "a")
                Supervisor("below") {
                    Child(Departing.self, named: "b", "b")
                    Child(Departing.self, named: "c", "c")
                }
            })
        let lone = try await other.spawn(Departing.self, named: "lone", "lone")
        var processes = try await [system.zygoteProcessID(), other.zygoteProcessID(), lone.processID()]
        processes += try await system.processes().map(\.processID)
        print("printed and not flushed")
        // Past what was printed: with this line the test knows that the other one is in its place.
        let ready = "ready " + processes.compactMap(\.self).map(String.init).joined(separator: " ") + "\n"
        unsafe _ = write(1, ready, ready.utf8.count)
        while readLine() != nil {}
        await system.stop()
        await other.stop()
    }
}
