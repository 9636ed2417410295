internal import RoostWire

/// What is asked of the node, by the program it lives in or by an actor in a worker.
enum NodeRequest: Sendable, Codable {
    case spawn(ActorSpecification)
    case kill(ActorKey)
    case stop(ActorKey)
    case start(ChildRules, SupervisorSpecification)
    case supervisor(SupervisorKey, SupervisorRequest)
    case group(GroupTopic, GroupRequest)
    case deadLetters
    case statistics(within: Duration)
}

/// What is asked of a supervisor.
enum SupervisorRequest: Sendable, Codable {
    case startChild(ChildSpecification)
    /// A child of a dynamic supervisor, started as its template says.
    case startDynamic(ActorSpecification)
    case stopChild(String)
    case restartChild(String)
    case deleteChild(String)
    case children
    /// Whether it is a dynamic supervisor of actors of this type.
    case checkDynamic(String)
    case stop
    case untilEnded
}

/// What is asked of a group.
enum GroupRequest: Sendable, Codable {
    case join(GroupMember)
    case leave(ActorKey)
    case members
}

/// What comes back.
enum NodeAnswer: Sendable, Codable {
    case done
    case spawned(number: UInt64, name: String)
    case started(SupervisorKey)
    case children([ChildInformation])
    case ended(ExitReason)
    case notSpawned(SpawnError)
    case refused(SupervisorError)
    case members([GroupMember])
    case notGrouped(GroupError)
    case deadLetters(DeadLetterCounts)
    case statistics([ActorStatistics])

    /// The answer, or the error that it is.
    func get() throws -> NodeAnswer {
        switch self {
        case .notSpawned(let error): throw error
        case .refused(let error): throw error
        case .notGrouped(let error): throw error
        case .done, .spawned, .started, .children, .ended, .members, .deadLetters, .statistics:
            return self
        }
    }
}

/// Whoever asks, and owns what is started for him: a worker's process, or nobody for the node's program.
typealias Asker = WorkerProcess?

extension Node {
    typealias AnswerHandler = @Sendable (NodeAnswer) -> Void

    func answer(_ request: NodeRequest, for asker: Asker, _ reply: @escaping AnswerHandler) {
        switch request {
        case .spawn(let specification): spawn(specification, for: asker, reply)
        case .kill(let key): withActor(key, reply) { kill($0, $1) }
        case .stop(let key): withActor(key, reply) { stop($0, $1) }
        case .start(let rules, let specification):
            start(rules, specification, for: asker, reply)
        case .supervisor(let key, let request):
            do {
                try answer(request, of: key, reply)
            } catch {
                reply(.refused(error))
            }
        case .group(let topic, let request):
            do {
                reply(try answer(request, of: topic))
            } catch {
                reply(.notGrouped(error))
            }
        case .deadLetters: reply(.deadLetters(deadLetters))
        case .statistics(let limit): statistics(within: limit, reply)
        }
    }

    // An actor that is gone is neither killed nor stopped.
    private func withActor(
        _ key: ActorKey, _ reply: @escaping AnswerHandler,
        _ action: (ActorRecord, @escaping () -> Void) -> Void
    ) {
        guard key.isSpawned, let actor = actors[key.number] else { return reply(.done) }
        action(actor) { reply(.done) }
    }

    private func answer(
        _ request: SupervisorRequest, of key: SupervisorKey, _ reply: @escaping AnswerHandler
    ) throws(SupervisorError) {
        if case .untilEnded = request, let reason = supervisorEnds[key.number] {
            return reply(.ended(reason))
        }
        let supervisor = try supervisor(key)
        switch request {
        case .startChild(let child): try supervisor.start(child, reply)
        case .startDynamic(let actor): try supervisor.startDynamic(actor, reply)
        case .stopChild(let name): try supervisor.ask(name, reply) { supervisor.stopChild($0, $1) }
        case .restartChild(let name): try supervisor.ask(name, reply) { supervisor.restartChild($0, $1) }
        case .deleteChild(let name): try supervisor.ask(name, reply) { supervisor.deleteChild($0, $1) }
        case .children: reply(.children(supervisor.information))
        case .checkDynamic(let typeName): reply(try supervisor.checkType(typeName))
        case .stop: try supervisor.stopRoot(reply)
        case .untilEnded: supervisor.endWaiters.append { reply(.ended($0)) }
        }
    }
}

// Strings, numbers and bytes: there is nothing in either that could fail to be encoded.

extension NodeRequest {
    var bytes: [UInt8] { (try? WireCoding.bytes(of: self)) ?? [] }
}

extension NodeAnswer {
    var bytes: [UInt8] { (try? WireCoding.bytes(of: self)) ?? [] }
}
