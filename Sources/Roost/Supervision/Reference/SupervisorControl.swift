/// What a reference to a supervisor does: asks the node, on its loop.
struct SupervisorControl: Sendable, Hashable {
    let key: SupervisorKey
    let system: ProcessActorSystem

    static func == (a: SupervisorControl, b: SupervisorControl) -> Bool { a.key == b.key }

    func hash(into hasher: inout Hasher) { hasher.combine(key) }

    func below(_ name: String) -> SupervisorControl {
        let below = SupervisorKey(system: key.system, path: "\(key.path)/\(name)")
        return SupervisorControl(key: below, system: system)
    }

    private func error(_ code: SupervisorError.Code, _ text: String, child: String = "") -> SupervisorError {
        SupervisorError(code, supervisor: key.path, child: child, message: text)
    }

    private func onNode<T: Sendable>(
        _ work:
            @escaping @Sendable (
                SupervisorNode, @escaping @Sendable (Result<T, any Error>) -> Void
            ) throws -> Void
    ) async throws -> T {
        guard let node = system.node else { throw error(.systemStopped, "supervisors are asked in the node") }
        return try await node.onLoop { node, done in
            do {
                try work(try node.supervisor(key), done)
            } catch {
                done(.failure(error))
            }
        }
    }

    // MARK: Starting

    func start(_ draft: ChildDraft) async throws {
        try await start { rules in try SpecificationCheck.child(draft, of: rules, at: key.path) }
    }

    /// Starts a child of a dynamic supervisor; returns its name.
    func start(_ blueprint: ActorBlueprint, named name: String?) async throws -> String {
        try await onNode { supervisor, done in
            try check(supervisor, isDynamic: true)
            let template = supervisor.specification.template
            let name = name ?? supervisor.nextName(blueprint.typeName)
            let actor = try blueprint.specification(named: name, options: template)
            let child = ChildSpecification(
                rules: ChildRules(name: name, restart: template.restart), kind: .actor(actor))
            supervisor.startChild(child) { answer, cause in
                done(outcome(answer, cause, name).map { _ in name })
            }
        }
    }

    private func start(_ make: @escaping @Sendable (SupervisorRules) throws -> ChildSpecification)
        async throws
    {
        let _: Bool = try await onNode { supervisor, done in
            try check(supervisor, isDynamic: false)
            let child = try make(supervisor.state.rules)
            supervisor.startChild(child) { done(outcome($0, $1, child.rules.name)) }
        }
    }

    private func check(_ supervisor: SupervisorNode, isDynamic: Bool) throws(SupervisorError) {
        guard supervisor.state.rules.isDynamic != isDynamic else { return }
        throw error(
            .wrongKind,
            isDynamic
                ? "its children are written in its specification"
                : "its children are of one kind, and started with arguments")
    }

    func checkDynamic(_ typeName: String) async throws {
        let _: Bool = try await onNode { supervisor, done in
            try check(supervisor, isDynamic: true)
            let actual = supervisor.specification.templateType
            if actual == typeName { return done(.success(true)) }
            throw error(.wrongKind, "its children are of type \(actual), not \(typeName)")
        }
    }

    // MARK: One child

    func ask(
        _ name: String,
        _ action:
            @escaping @Sendable (
                SupervisorNode, SupervisorNode.ChildID, @escaping SupervisorNode.Completion
            ) -> Void
    ) async throws {
        let _: Bool = try await onNode { supervisor, done in
            guard let child = supervisor.state.child(named: name) else { throw noSuchChild(name) }
            action(supervisor, child.id) { done(outcome($0, $1, name)) }
        }
    }

    private func noSuchChild(_ name: String) -> SupervisorError {
        error(.noSuchChild, "it has no child of this name", child: name)
    }

    private func outcome(
        _ answer: SupervisorState.Answer, _ startError: SpawnError?, _ child: String
    ) -> Result<Bool, any Error> {
        func failure(_ code: SupervisorError.Code, _ text: String) -> Result<Bool, any Error> {
            .failure(
                SupervisorError(
                    code, supervisor: key.path, child: child, cause: startError, message: text))
        }
        switch answer {
        case .started, .done: return .success(true)
        case .ignored: return failure(.ignored, "its initialiser says that it is not needed")
        case .startFailed(_, let reason):
            return failure(.startFailed, startError.map { "\($0)" } ?? "it \(reason)")
        case .refused(let refusal): return failure(refusal.code, refusal.text)
        }
    }

    // MARK: The supervisor itself

    func children() async throws -> [ChildInformation] {
        try await onNode { supervisor, done in done(.success(supervisor.information)) }
    }

    func child(_ name: String) async throws -> ChildInformation {
        guard let child = try await children().first(where: { $0.name == name }) else {
            throw noSuchChild(name)
        }
        return child
    }

    func stop() async throws {
        do {
            let _: Bool = try await onNode { supervisor, done in
                guard supervisor.isRoot else {
                    throw error(.wrongKind, "it is stopped as a child of the supervisor above it")
                }
                supervisor.endWaiters.append { _ in done(.success(true)) }
                supervisor.stop()
            }
        } catch let error as SupervisorError where error.code == .noSuchSupervisor {
            return
        }
    }

    func untilEnded() async throws -> ExitReason {
        guard let node = system.node else { throw error(.systemStopped, "supervisors are asked in the node") }
        return try await node.onLoop { node, done in
            // One that has ended already answers at once.
            if let reason = node.supervisorEnds[key.number] { return done(.success(reason)) }
            do {
                try node.supervisor(key).endWaiters.append { done(.success($0)) }
            } catch {
                done(.failure(error))
            }
        }
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

extension SupervisorNode {
    /// The children at this moment, in order.
    var information: [ChildInformation] {
        state.children.compactMap { child in
            guard let entry = entries[child.id] else { return nil }
            var typeName = ""
            if case .actor(let actor) = entry.specification.kind { typeName = actor.typeName }
            return ChildInformation(
                name: child.rules.name, typeName: typeName, isSupervisor: entry.specification.isSupervisor,
                state: information(of: child), restart: child.rules.restart,
                processID: entry.actor?.process?.pid, restarts: entry.restarts)
        }
    }

    private func information(of child: SupervisorState.Child) -> ChildInformation.State {
        if state.isRestarting(child) { return .restarting }
        switch child.phase {
        case .absent: return .absent
        case .starting: return .starting
        case .running: return .running
        case .backingOff: return .restarting
        case .stopping: return .stopping
        }
    }
}
