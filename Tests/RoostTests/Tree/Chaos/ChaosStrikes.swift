import Distributed
import Glibc
import RoostTesting

/// Ways in which a process is brought down.
enum Strike: CaseIterable {
    case kill
    case segmentationFault
    case abort
    case exit
    case stop

    private var signal: Int32? {
        switch self {
        case .kill: SIGKILL
        case .segmentationFault: SIGSEGV
        case .abort: SIGABRT
        case .stop: SIGSTOP
        case .exit: nil
        }
    }

    /// Strikes an actor; returns when its end was told, and whether it was this that hit it.
    func hit(_ actor: ChildInformation, in test: TestSystem) async throws -> Bool {
        do {
            if actor.typeName == "Prober" {
                let prober = try await test.system.find(Prober.self, named: actor.name)
                return try await hit(actor, prober, in: test) { try await prober.leave($0) }
            }
            let knot = try await test.system.find(Knot.self, named: actor.name)
            return try await hit(actor, knot, in: test) { try await knot.leave($0) }
        } catch let error as SpawnError where error.code == .notFound {
            return false
        }
    }

    private func hit<A: ProcessActor>(
        _ actor: ChildInformation, _ reference: A, in test: TestSystem,
        leave: @Sendable (Int32) async throws -> Void
    ) async throws -> Bool {
        guard let process = actor.processID else { return false }
        let watch = try await test.system.watch(reference)
        let hasHit: Bool
        if let signal {
            hasHit =
                Processes.isChild(process) && Processes.isAlive(process) && Processes.signal(process, signal)
        } else {
            hasHit = await hasLeft { try await leave(3) }
        }
        if hasHit { _ = try await watch.value } else { watch.cancel() }
        return hasHit
    }

    private func hasLeft(_ leave: () async throws -> Void) async -> Bool {
        do {
            try await leave()
            return false
        } catch {
            return (error as? RemoteCallError)?.exitReason == .exited(code: 3)
        }
    }
}
