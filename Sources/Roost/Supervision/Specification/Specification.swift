/// A child that has been checked and can be started, any number of times.
struct ChildSpecification: Sendable {
    enum Kind: Sendable {
        case actor(ActorSpecification)
        case supervisor(SupervisorSpecification)
    }

    var rules: ChildRules
    var kind: Kind

    var isSupervisor: Bool {
        if case .supervisor = kind { true } else { false }
    }
}

/// A supervisor that has been checked.
struct SupervisorSpecification: Sendable {
    var rules: SupervisorRules
    var children: [ChildSpecification]
    var template: SpawnOptions
    var templateType: String
}

/// Checks what was written, the whole of it: what cannot work is said before anything is started.
struct SpecificationCheck {
    private(set) var problems: [String] = []
    private var actors: [String: String] = [:]

    /// A supervisor that is started by itself.
    static func root(_ supervisor: Supervisor) throws -> SupervisorSpecification {
        var check = SpecificationCheck()
        if supervisor.rules.isSignificant {
            check.problems.append("\(supervisor.name): it has no supervisor that its end could shut down")
        }
        check.checkName(supervisor.name, "a supervisor's", at: supervisor.name)
        let checked = try check.supervisor(supervisor.draft, at: supervisor.name)
        try check.throwProblems(supervisor.name)
        return checked
    }

    /// A child that is added to a running supervisor.
    static func child(
        _ draft: ChildDraft, of rules: SupervisorRules, at path: String
    ) throws -> ChildSpecification {
        var check = SpecificationCheck()
        let checked = try check.child(draft, of: rules, at: path)
        try check.throwProblems(path)
        return checked
    }

    private func throwProblems(_ path: String) throws(SupervisorError) {
        guard !problems.isEmpty else { return }
        throw SupervisorError(
            .invalidSpecification, supervisor: path, message: problems.joined(separator: "; "))
    }

    private mutating func supervisor(
        _ draft: SupervisorDraft, at path: String
    ) throws -> SupervisorSpecification {
        let names = Dictionary(grouping: draft.children, by: \.rules.name)
        for name in names.filter({ $0.value.count > 1 }).keys.sorted() {
            problems.append("\(path): two children have the name \"\(name)\"")
        }
        let isAutomatic = draft.rules.autoShutdown != .never
        if isAutomatic && !draft.children.contains(where: \.rules.isSignificant) {
            problems.append("\(path): it is to shut down with its significant children, and has none")
        }
        return SupervisorSpecification(
            rules: draft.rules,
            children: try draft.children.map { try child($0, of: draft.rules, at: path) },
            template: draft.template, templateType: draft.templateType)
    }

    private mutating func child(
        _ draft: ChildDraft, of supervisor: SupervisorRules, at parent: String
    ) throws -> ChildSpecification {
        let path = "\(parent)/\(draft.rules.name)"
        checkSignificance(draft.rules, of: supervisor, at: path)
        switch draft.kind {
        case .actor(let blueprint, let options):
            checkName(draft.rules.name, "an actor's", at: path)
            if let other = actors.updateValue(path, forKey: draft.rules.name), other != path {
                problems.append("\(path): the actor \(other) has the same name")
            }
            let actor = try blueprint.specification(named: draft.rules.name, options: options)
            return ChildSpecification(rules: draft.rules, kind: .actor(actor))
        case .supervisor(let below):
            checkName(draft.rules.name, "a supervisor's", at: path)
            return ChildSpecification(
                rules: draft.rules, kind: .supervisor(try self.supervisor(below, at: path)))
        }
    }

    private mutating func checkName(_ name: String, _ whose: String, at path: String) {
        if name.isEmpty { problems.append("\(path): \(whose) name cannot be empty") }
        if whose == "a supervisor's" && name.contains("/") {
            problems.append("\(path): \(whose) name cannot have a \"/\" in it")
        }
    }

    private mutating func checkSignificance(
        _ rules: ChildRules, of supervisor: SupervisorRules, at path: String
    ) {
        guard rules.isSignificant else { return }
        if rules.restart == .permanent {
            problems.append(
                "\(path): a permanent child is always restarted, so its end cannot shut its supervisor down")
        }
        if supervisor.isDynamic {
            problems.append("\(path): children of a dynamic supervisor cannot be significant")
        } else if supervisor.autoShutdown == .never {
            problems.append("\(path): it is significant, and its supervisor never shuts down automatically")
        }
    }
}
