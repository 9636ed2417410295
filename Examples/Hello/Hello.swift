import Distributed
import Roost

// An actor with a process of its own. No initialiser, no registration: the type is enough.
distributed actor Greeter: ProcessActor {
    private var greeted = 0

    distributed func greet(_ name: String) -> String {
        greeted += 1
        return "Hello, \(name)! (#\(greeted))"
    }
}

@main struct Hello {
    static func main() async throws {
        try await ProcessActorSystem.run { system in
            let greeter = try await system.spawn(Greeter.self, named: "greeter")
            print(try await greeter.greet("world"))
            print(try await greeter.greet("processes"))
        }
    }
}
