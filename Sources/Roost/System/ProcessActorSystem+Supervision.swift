extension ProcessActorSystem {
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
        let specification = try SpecificationCheck.root(tree)
        guard let node else {
            throw SupervisorError(
                .systemStopped, supervisor: tree.name, message: "trees are started in the node")
        }
        let key = try await node.onLoop { node, done in node.start(tree.name, specification, done) }
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
