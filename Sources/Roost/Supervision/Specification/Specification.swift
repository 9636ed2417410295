/// A child that can be started, any number of times, also by another process than it was written in.
struct ChildSpecification: Sendable, Codable {
    enum Kind: Sendable, Codable {
        case actor(ActorSpecification)
        case supervisor(SupervisorSpecification)
    }

    var rules: ChildRules
    var kind: Kind

    var isSupervisor: Bool {
        if case .supervisor = kind { true } else { false }
    }
}

/// A supervisor with all that is below it.
struct SupervisorSpecification: Sendable, Codable {
    var rules: SupervisorRules
    var children: [ChildSpecification]
    /// How each child of a dynamic supervisor is started, and of which type it is.
    var template: SpawnOptions
    var templateType: String
}

extension ChildDraft {
    /// The child with its arguments encoded.
    func specification(userInfo: UserInfo) throws(SpawnError) -> ChildSpecification {
        switch kind {
        case .actor(let blueprint, let options):
            let actor = try blueprint.specification(named: rules.name, options: options, userInfo: userInfo)
            return ChildSpecification(rules: rules, kind: .actor(actor))
        case .supervisor(let draft):
            return ChildSpecification(
                rules: rules, kind: .supervisor(try draft.specification(userInfo: userInfo)))
        }
    }
}

extension SupervisorDraft {
    /// The supervisor with all arguments below it encoded.
    func specification(userInfo: UserInfo) throws(SpawnError) -> SupervisorSpecification {
        var specified: [ChildSpecification] = []
        for child in children { specified.append(try child.specification(userInfo: userInfo)) }
        return SupervisorSpecification(
            rules: rules, children: specified, template: template, templateType: templateType)
    }
}

/// Checks a specification, the whole of it: what cannot work is said before anything is started.
struct SpecificationCheck {
    private(set) var problems: [String] = []
    private var actors: [String: String] = [:]

    /// A supervisor that is started by itself.
    static func root(_ rules: ChildRules, _ specification: SupervisorSpecification) throws(SupervisorError) {
        var check = SpecificationCheck()
        if rules.isSignificant {
            check.problems.append("\(rules.name): it has no supervisor that its end could shut down")
        }
        check.checkSupervisorName(rules.name, at: rules.name)
        check.check(specification, at: rules.name)
        try check.throwProblems(rules.name)
    }

    /// A child that is added to a running supervisor.
    static func child(
        _ child: ChildSpecification, of rules: SupervisorRules, at path: String
    ) throws(SupervisorError) {
        var check = SpecificationCheck()
        check.check(child, of: rules, at: path)
        try check.throwProblems(path)
    }

    private func throwProblems(_ path: String) throws(SupervisorError) {
        guard !problems.isEmpty else { return }
        throw SupervisorError(
            .invalidSpecification, supervisor: path, message: problems.joined(separator: "; "))
    }

    private mutating func check(_ specification: SupervisorSpecification, at path: String) {
        let names = Dictionary(grouping: specification.children, by: \.rules.name)
        for name in names.filter({ $0.value.count > 1 }).keys.sorted() {
            problems.append("\(path): two children have the name \"\(name)\"")
        }
        let isAutomatic = specification.rules.autoShutdown != .never
        if isAutomatic && !specification.children.contains(where: \.rules.isSignificant) {
            problems.append("\(path): it is to shut down with its significant children, and has none")
        }
        for child in specification.children { check(child, of: specification.rules, at: path) }
    }

    private mutating func check(
        _ child: ChildSpecification, of supervisor: SupervisorRules, at parent: String
    ) {
        let name = child.rules.name
        let path = "\(parent)/\(name)"
        checkSignificance(child.rules, of: supervisor, at: path)
        switch child.kind {
        case .actor:
            if name.isEmpty { problems.append("\(path): an actor's name cannot be empty") }
            if let other = actors.updateValue(path, forKey: name), other != path {
                problems.append("\(path): the actor \(other) has the same name")
            }
        case .supervisor(let below):
            checkSupervisorName(name, at: path)
            check(below, at: path)
        }
    }

    private mutating func checkSupervisorName(_ name: String, at path: String) {
        if name.isEmpty { problems.append("\(path): a supervisor's name cannot be empty") }
        if name.contains("/") {
            problems.append("\(path): a supervisor's name cannot have a \"/\" in it")
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
