internal import RoostPlatform

extension ProcessActorSystem {
    /// Asks the node, from the node's own process or from a worker.
    func ask(_ request: NodeRequest) async throws -> NodeAnswer {
        if let node {
            let answer: NodeAnswer = try await node.onLoop { node, done in
                node.answer(request, for: nil) { done(.success($0)) }
            }
            return try answer.get()
        }
        let answer = await withCheckedContinuation { continuation in
            let isAsked = host.loop.perform { [self] in
                worker?.ask(request) { continuation.resume(returning: $0) }
            }
            if !isAsked { continuation.resume(returning: .notSpawned(Node.stoppedError)) }
        }
        return try answer.get()
    }

    /// Starts a supervision tree; returns when all of its actors are ready.
    ///
    /// ```swift
    /// let shop = try await system.start(tree)
    /// ```
    /// When one of them cannot be started, those that were are stopped in reverse order, and nothing is left.
    ///
    /// - Returns: a reference to the supervisor at the top.
    /// - Throws: ``SupervisorError``: with `.invalidSpecification` and all that is wrong with it, before
    ///   anything is started; with `.startFailed` and the cause; with `.nameTaken`. ``SpawnError`` for an actor
    ///   that no other process could make.
    public func start(_ tree: Supervisor) async throws -> SupervisorReference {
        let specification = try tree.draft.specification(userInfo: host.userInfo)
        guard case .started(let key) = try await ask(.start(tree.rules, specification)) else {
            preconditionFailure("a tree was neither started nor refused")
        }
        return SupervisorReference(control: SupervisorControl(key: key, system: self))
    }

    /// The running supervisor with this path, such as `"shop/workers"`.
    ///
    /// - Throws: ``SupervisorError`` with `.noSuchSupervisor`.
    public func supervisor(at path: String) async throws -> SupervisorReference {
        let key = SupervisorKey(system: host.systemNumber, path: path)
        let reference = SupervisorReference(control: SupervisorControl(key: key, system: self))
        _ = try await reference.children()
        return reference
    }
}
