internal import RoostPlatform
internal import RoostWire

/// The supervision tree in the node, and what supervisors have done with actors.
extension Node {
    /// Starts a tree; the answer comes when all of it has been started, or cannot be.
    func start(
        _ rules: ChildRules, _ specification: SupervisorSpecification, for asker: Asker,
        _ reply: @escaping AnswerHandler
    ) {
        let name = rules.name
        do throws(SupervisorError) {
            try SpecificationCheck.root(rules, specification)
            guard state == .running, asker?.reason == nil else {
                throw SupervisorError(
                    .systemStopped, supervisor: name, message: "the system has been stopped")
            }
            guard supervisorPaths[name] == nil else {
                throw SupervisorError(.nameTaken, supervisor: name, message: "a supervisor has this name")
            }
        } catch {
            return reply(.refused(error))
        }
        let supervisor = addSupervisor(name, specification, parent: nil)
        asker?.supervisors[supervisor.number] = supervisor
        supervisor.owner = asker
        let key = SupervisorKey(system: systemNumber, path: name, number: supervisor.number)
        supervisor.startWaiter = { result in
            switch result {
            case .success: reply(.started(key))
            case .failure(let error): reply(.refused(error))
            }
        }
        supervisor.start()
    }

    func addSupervisor(
        _ path: String, _ specification: SupervisorSpecification,
        parent: (SupervisorNode, SupervisorNode.ChildID)?
    ) -> SupervisorNode {
        nextSupervisor += 1
        let supervisor = SupervisorNode(
            number: nextSupervisor, path: path, specification, node: self, parent: parent)
        supervisors[supervisor.number] = supervisor
        supervisorPaths[path] = supervisor.number
        return supervisor
    }

    func removeSupervisor(_ supervisor: SupervisorNode, _ reason: ExitReason) {
        supervisorEnds.add(reason, of: supervisor.number)
        supervisor.owner?.supervisors[supervisor.number] = nil
        supervisors[supervisor.number] = nil
        if supervisorPaths[supervisor.path] == supervisor.number { supervisorPaths[supervisor.path] = nil }
        // After everybody has been told of the last child's end.
        loop.perform { [self] in finishIfStopped() }
    }

    /// The supervisor that a reference means.
    func supervisor(_ key: SupervisorKey) throws(SupervisorError) -> SupervisorNode {
        guard let number = supervisorPaths[key.path], let supervisor = supervisors[number] else {
            throw SupervisorError(
                .noSuchSupervisor, supervisor: key.path, message: "there is no such supervisor any more")
        }
        return supervisor
    }

    func publishSupervisor(_ kind: SystemEvent.Kind, _ path: String) {
        events.publish(SystemEvent(kind: kind, actor: path, incarnation: 0, processID: nil))
    }

    // MARK: Actors with a supervisor

    /// Starts the first incarnation of an actor that has no record yet.
    func startSupervised(
        _ specification: ActorSpecification, by supervisor: SupervisorNode, as child: SupervisorNode.ChildID
    ) throws(SpawnError) -> ActorRecord {
        let actor = try add(specification)
        actor.life.isSupervised = true
        actor.supervisor = (supervisor, child)
        launch(actor)
        return actor
    }

    /// Starts the next incarnation.
    func startAgain(_ actor: ActorRecord) {
        if actor.life.backoffElapsed() { launch(actor) }
    }

    /// The incarnation's end will be followed by another.
    func willRestart(_ actor: ActorRecord, after delay: Duration) {
        publish(.restarting(after: delay), actor)
        failWaitersIfAsked(actor)
    }

    /// There will be no other incarnation: the name is free.
    func removeSupervised(_ actor: ActorRecord) {
        remove(actor, actor.lastReason ?? .shutdown)
    }
}

/// Which supervisor a reference means: the present incarnation of the one with its path.
struct SupervisorKey: Codable, Hashable, Sendable {
    var system: UInt64
    var path: String
    /// The one that was started, for its end; 0 when that is not known.
    var number: UInt64 = 0
}
