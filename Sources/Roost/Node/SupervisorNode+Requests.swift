/// A supervisor's answers to what references ask of it.
extension SupervisorNode {
    func error(
        _ code: SupervisorError.Code, _ text: String, child: String = "", cause: SpawnError? = nil
    ) -> SupervisorError {
        SupervisorError(code, supervisor: path, child: child, cause: cause, message: text)
    }

    /// Adds a child to the specified ones.
    func start(_ child: ChildSpecification, _ reply: @escaping Node.AnswerHandler) throws(SupervisorError) {
        try check(isDynamic: false)
        try SpecificationCheck.child(child, of: state.rules, at: path)
        startChild(child) { [self] in reply(outcome($0, $1, child.rules.name)) }
    }

    /// Starts a child of a dynamic supervisor.
    func startDynamic(
        _ actor: ActorSpecification, _ reply: @escaping Node.AnswerHandler
    ) throws(SupervisorError) {
        try check(isDynamic: true)
        var actor = actor
        let name = actor.name ?? nextName(actor.typeName)
        actor.name = name
        actor.options = specification.template
        let rules = ChildRules(name: name, restart: actor.options.restart)
        let child = ChildSpecification(rules: rules, kind: .actor(actor))
        startChild(child) { [self] in reply(outcome($0, $1, name)) }
    }

    private func check(isDynamic: Bool) throws(SupervisorError) {
        guard state.rules.isDynamic != isDynamic else { return }
        throw error(
            .wrongKind,
            isDynamic
                ? "its children are written in its specification"
                : "its children are of one kind, and started with arguments")
    }

    func checkType(_ typeName: String) throws(SupervisorError) -> NodeAnswer {
        try check(isDynamic: true)
        if specification.templateType == typeName { return .done }
        throw error(.wrongKind, "its children are of type \(specification.templateType), not \(typeName)")
    }

    func ask(
        _ name: String, _ reply: @escaping Node.AnswerHandler,
        _ action: (ChildID, @escaping Completion) -> Void
    ) throws(SupervisorError) {
        guard let child = state.child(named: name) else {
            throw error(.noSuchChild, "it has no child of this name", child: name)
        }
        action(child.id) { [self] in reply(outcome($0, $1, name)) }
    }

    func stopRoot(_ reply: @escaping Node.AnswerHandler) throws(SupervisorError) {
        guard isRoot else {
            throw error(.wrongKind, "it is stopped as a child of the supervisor above it")
        }
        endWaiters.append { _ in reply(.done) }
        stop()
    }

    private func outcome(
        _ answer: SupervisorState.Answer, _ cause: SpawnError?, _ child: String
    ) -> NodeAnswer {
        switch answer {
        case .started(let id):
            entries[id]?.actor.map { .spawned(number: $0.number, name: $0.name) } ?? .done
        case .done: .done
        case .ignored:
            .refused(error(.ignored, "its initialiser says that it is not needed", child: child))
        case .startFailed(_, let reason):
            .refused(
                error(.startFailed, cause.map { "\($0)" } ?? "it \(reason)", child: child, cause: cause))
        case .refused(let refusal): .refused(error(refusal.code, refusal.text, child: child))
        }
    }

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
