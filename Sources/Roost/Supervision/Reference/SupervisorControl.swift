internal import Distributed
internal import RoostWire

/// What a reference to a supervisor is made of: asks the node, from wherever it is.
struct SupervisorControl: Sendable, Hashable, Codable {
    let key: SupervisorKey
    let system: ProcessActorSystem

    init(key: SupervisorKey, system: ProcessActorSystem) {
        self.key = key
        self.system = system
    }

    static func == (a: SupervisorControl, b: SupervisorControl) -> Bool { a.key == b.key }

    func hash(into hasher: inout Hasher) { hasher.combine(key) }

    init(from decoder: any Decoder) throws {
        guard let system = decoder.userInfo[.actorSystemKey] as? ProcessActorSystem else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a supervisor's reference is decoded by its actor system only"))
        }
        self.system = system
        key = try SupervisorKey(from: decoder)
    }

    func encode(to encoder: any Encoder) throws { try key.encode(to: encoder) }

    func below(_ name: String) -> SupervisorControl {
        let below = SupervisorKey(system: key.system, path: "\(key.path)/\(name)")
        return SupervisorControl(key: below, system: system)
    }

    @discardableResult
    func ask(_ request: SupervisorRequest) async throws -> NodeAnswer {
        guard key.system == system.host.systemNumber else {
            throw SupervisorError(
                .noSuchSupervisor, supervisor: key.path, message: "it belongs to another system")
        }
        return try await system.ask(.supervisor(key, request))
    }

    /// What arguments of children are encoded with.
    var userInfo: UserInfo { system.host.userInfo }

    /// Starts a child that is an actor.
    func start<A: ProcessActor>(_ request: SupervisorRequest) async throws -> A {
        guard case .spawned(let number, let name) = try await ask(request) else {
            preconditionFailure("an actor was neither started nor refused")
        }
        return try system.reference(.spawned(number), name: name)
    }

    func children() async throws -> [ChildInformation] {
        guard case .children(let children) = try await ask(.children) else { return [] }
        return children
    }

    func untilEnded() async throws -> ExitReason {
        guard case .ended(let reason) = try await ask(.untilEnded) else { return .unknown }
        return reason
    }
}

extension SupervisorState.Refusal {
    var code: SupervisorError.Code {
        switch self {
        case .noSuchChild: .noSuchChild
        case .alreadyStarted: .alreadyStarted
        case .alreadySpecified: .alreadySpecified
        case .isRunning: .isRunning
        case .isRestarting: .isRestarting
        case .isDynamic: .wrongKind
        case .wasStopped: .wasStopped
        case .supervisorIsStopping: .isStopping
        }
    }

    var text: String {
        switch self {
        case .noSuchChild: "it has no child of this name"
        case .alreadyStarted: "a child of this name has been started"
        case .alreadySpecified: "a child of this name is specified and not running: restart or delete it"
        case .isRunning: "it is running"
        case .isRestarting: "it is about to be restarted"
        case .isDynamic: "children of a dynamic supervisor are not kept once they have ended"
        case .wasStopped: "it was stopped while it was started"
        case .supervisorIsStopping: "the supervisor is shutting down"
        }
    }
}
