import Distributed
import Glibc
import Roost

// A counter that is killed. What it had counted is lost with its process: the next incarnation starts
// again from its arguments.
distributed actor Counter: ProcessActor {
    struct Arguments: Codable, Sendable { var start: Int }

    private var value: Int

    init(_ arguments: Arguments, actorSystem: ActorSystem) {
        value = arguments.start
        self.actorSystem = actorSystem
    }

    distributed func add(_ amount: Int) -> Int {
        value += amount
        return value
    }

    distributed func processID() -> Int32 { getpid() }

    distributed func dieWhileServing() -> Int {
        kill(getpid(), SIGKILL)
        return value
    }
}

@main struct CrashAndRestart {
    static func main() async throws {
        try await ProcessActorSystem.run { system in
            let counter = try await system.spawn(Counter.self, named: "counter", .init(start: 10))
            print("10 + 1 =", try await counter.add(1))
            let first = try await counter.processID()

            // A real SIGKILL from outside; the reference stays valid.
            let watch = try await system.watch(counter)
            kill(first, SIGKILL)
            print("the counter", try await watch.value)
            print("10 + 5 =", try await counter.add(5), "in the next incarnation")
            print("another process:", try await counter.processID() != first)

            // A call that is under way when the process dies has one outcome: an error that says so.
            do {
                _ = try await counter.dieWhileServing()
            } catch let error as RemoteCallError {
                print("the call was \(error.code): the actor", error.exitReason?.description ?? "is gone")
            }
            print("10 + 7 =", try await counter.add(7), "in the one after")
        }
    }
}
