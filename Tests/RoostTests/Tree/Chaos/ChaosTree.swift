import Distributed
import Glibc
import RoostTesting
import Testing

/// A tree of sixty actors on three levels, with every strategy, and a look at whether all of it is there.
struct ChaosTree {
    let test: TestSystem
    let root: SupervisorReference
    private let size: Int

    static let dynamicCount = 16

    /// Starts the tree, with supervisors below the root that accept so many restarts; any number if nil.
    ///
    /// One that gives up loses what was started at run time: a dynamic one is only part of it when they do not.
    static func start(_ test: TestSystem, intensity: RestartIntensity?) async throws -> ChaosTree {
        let endless = RestartIntensity(restarts: 1_000_000)
        let backoff = Backoff(initial: .milliseconds(2), maximum: .milliseconds(20))
        let tree = tree(endless, intensity ?? endless, backoff, isDynamic: intensity == nil)
        let root = try await test.system.start(tree)
        guard intensity == nil else { return ChaosTree(test: test, root: root, size: 44) }
        let many = try await root.dynamicSupervisor(of: Knot.self, named: "many")
        for number in 1...dynamicCount { try await many.start(named: "many-\(number)") }
        return ChaosTree(test: test, root: root, size: 60)
    }

    private static func tree(
        _ endless: RestartIntensity, _ intensity: RestartIntensity, _ backoff: Backoff, isDynamic: Bool
    ) -> Supervisor {
        Supervisor("root", intensity: endless, backoff: backoff) {
            Supervisor("alone", intensity: intensity, backoff: backoff) {
                for number in 1...12 { Child(Knot.self, named: "alone-\(number)") }
            }
            Supervisor("all", strategy: .oneForAll, intensity: intensity, backoff: backoff) {
                for number in 1...3 { Child(Knot.self, named: "all-\(number)") }
                Supervisor("rest", strategy: .restForOne, intensity: intensity, backoff: backoff) {
                    for number in 1...5 { Child(Knot.self, named: "all-rest-\(number)") }
                }
                for number in 4...5 { Child(Knot.self, named: "all-\(number)") }
            }
            Supervisor("rest", strategy: .restForOne, intensity: intensity, backoff: backoff) {
                for number in 1...4 { Child(Knot.self, named: "rest-\(number)") }
                Supervisor("alone", intensity: intensity, backoff: backoff) {
                    for number in 1...8 { Child(Knot.self, named: "rest-alone-\(number)") }
                }
                for number in 5...8 { Child(Knot.self, named: "rest-\(number)") }
            }
            Supervisor("probers", intensity: intensity, backoff: backoff) {
                for number in 1...6 { Child(Prober.self, named: "prober-\(number)") }
            }
            if isDynamic {
                DynamicSupervisor("many", of: Knot.self, intensity: endless, backoff: backoff)
            }
        }
    }

    // MARK: Looking

    /// All actors, and whether everything that should be there takes messages.
    func look() async throws -> (actors: [ChildInformation], isComplete: Bool) {
        var actors: [ChildInformation] = []
        var isComplete = true
        var supervisors = [root]
        while let supervisor = supervisors.popLast() {
            do {
                for child in try await supervisor.children() {
                    if child.state != .running { isComplete = false }
                    if child.isSupervisor {
                        supervisors.append(supervisor.supervisor(named: child.name))
                    } else {
                        actors.append(child)
                    }
                }
            } catch let error as SupervisorError where error.code == .noSuchSupervisor {
                isComplete = false
            }
        }
        return (actors, isComplete && actors.count == size)
    }

    /// Waits until each actor is running, and answers from the process that its supervisor says.
    func untilAllAnswer() async throws {
        try await until { tree in
            let (actors, isComplete) = try await tree.look()
            guard isComplete else { return false }
            for actor in actors {
                // One that has just been killed may still be listed.
                guard try await tree.processID(of: actor) == actor.processID else { return false }
            }
            return true
        }
    }

    private func processID(of actor: ChildInformation) async throws -> Int32? {
        do {
            if actor.typeName == "Prober" {
                return try await test.system.find(Prober.self, named: actor.name).processID()
            }
            return try await test.system.find(Knot.self, named: actor.name).processID()
        } catch is RemoteCallError {
            return nil
        } catch let error as SpawnError where error.code == .notFound {
            return nil
        }
    }

    /// Waits for something that becomes true when actors become ready.
    func until(_ isTrue: (ChaosTree) async throws -> Bool) async throws {
        // From before the first look: what happens after it is told.
        let events = test.system.events
        if try await isTrue(self) { return }
        for await event in events where event.kind == .ready || event.kind == .restarted {
            if try await isTrue(self) { return }
        }
    }
}
