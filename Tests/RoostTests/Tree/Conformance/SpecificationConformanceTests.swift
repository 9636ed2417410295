import Testing

@testable import Roost

/// What a specification says by default, and what is wrong with one: OTP's cases of maps, flags and checks.
@Suite struct SpecificationConformanceTests {
    private func problems(_ supervisor: Supervisor) -> String? {
        do {
            _ = try SpecificationCheck.root(supervisor)
            return nil
        } catch let error as SupervisorError {
            #expect(error.code == .invalidSpecification)
            return error.message
        } catch {
            return "\(error)"
        }
    }

    private func problem(of child: ChildDraft, _ rules: SupervisorRules) -> String? {
        do {
            _ = try SpecificationCheck.child(child, of: rules, at: "top")
            return nil
        } catch {
            return "\(error)"
        }
    }

    // OTP: sup_start_map
    @Test func `what is not said has OTP's meaning, and Roost's numbers`() throws {
        let checked = try SpecificationCheck.root(
            Supervisor("top") {
                Child(Echo.self, named: "a")
                Supervisor("below") {}
            })
        #expect(checked.rules == SupervisorRules())
        #expect(checked.rules.strategy == .oneForOne && checked.rules.autoShutdown == .never)
        #expect(checked.rules.intensity == RestartIntensity(restarts: 10, within: .seconds(60)))
        #expect(checked.children.map(\.rules) == [.permanent("a"), .permanent("below")])
        #expect(checked.children.map(\.isSupervisor) == [false, true])
        #expect(SystemOptions().shutdown == .within(.seconds(5)))
    }

    // OTP: sup_start_map_simple
    @Test func `children of a dynamic supervisor have its defaults and its restart type`() throws {
        for restart in [Restart.permanent, .transient, .temporary] {
            let dynamic = DynamicSupervisor("pool", of: Counter.self, childRestart: restart)
            let checked = try SpecificationCheck.root(Supervisor("top") { dynamic })
            guard case .supervisor(let pool) = checked.children.first?.kind else {
                Issue.record("it is no supervisor")
                return
            }
            #expect(pool.rules.isDynamic && pool.rules.strategy == .oneForOne && pool.children.isEmpty)
            #expect(pool.template.restart == restart && pool.templateType == "Counter")
        }
        #expect(DynamicSupervisor("pool", of: Counter.self).draft.template.restart == .permanent)
    }

    // OTP: sup_start_map_faulty_specs, sup_start_error_return, child_specs
    @Test func `each fault is said with its place, all of them at once`() {
        let said = problems(
            Supervisor("top", autoShutdown: .anySignificant) {
                Child(Echo.self, named: "a")
                Child(Echo.self, named: "a")
                Child(Echo.self, named: "")
                Child(Echo.self, named: "p", isSignificant: true)
                Supervisor("x/y", autoShutdown: .allSignificant) { Child(Echo.self, named: "p") }
                Supervisor("") { Child(Echo.self, named: "s", restart: .transient, isSignificant: true) }
            })
        for part in [
            "top: two children have the name \"a\"", "top/: an actor's name cannot be empty",
            "top/p: a permanent child is always restarted",
            "top/x/y: a supervisor's name cannot have a \"/\"",
            "top/x/y/p: the actor top/p has the same name",
            "top/x/y: it is to shut down with its significant children, and has none",
            "top/: a supervisor's name cannot be empty",
            "top//s: it is significant, and its supervisor never shuts down automatically",
        ] {
            #expect(said?.contains(part) == true, "\(part)")
        }
    }

    // OTP: child_specs
    @Test func `an actor that no other process could make is refused before anything is started`() {
        #expect(throws: SpawnError.self) {
            try SpecificationCheck.root(
                Supervisor("top") { Child(PickyArguments.self, named: "a", Unencodable()) })
        }
    }

    // OTP: child_specs_map
    @Test(arguments: AutoShutdown.allCases, [Restart.permanent, .transient, .temporary])
    func `every combination of significance is taken or refused`(autoShutdown: AutoShutdown, restart: Restart)
    {
        for isSignificant in [false, true] {
            let child = Child(Echo.self, named: "a", restart: restart, isSignificant: isSignificant)
            let rules = SupervisorRules(autoShutdown: autoShutdown)
            let isWrong = isSignificant && (restart == .permanent || autoShutdown == .never)
            #expect((problem(of: child.draft, rules) != nil) == isWrong)
            let below = Supervisor("b", restart: restart, isSignificant: isSignificant) {}
            let draft = ChildDraft(rules: below.rules, kind: .supervisor(below.draft))
            #expect((problem(of: draft, rules) != nil) == isWrong)
        }
    }

    // OTP: significant_simple
    @Test func `children of a dynamic supervisor cannot be significant`() {
        let child = Child(Echo.self, named: "a", restart: .temporary, isSignificant: true)
        for autoShutdown in AutoShutdown.allCases {
            let rules = SupervisorRules(autoShutdown: autoShutdown, isDynamic: true)
            let said = problem(of: child.draft, rules)
            #expect(said?.contains("children of a dynamic supervisor cannot be significant") == true)
        }
    }

    // OTP: sup_flags
    @Test func `a supervisor's own flags are checked`() async {
        #expect(problems(Supervisor("") {})?.contains("a supervisor's name cannot be empty") == true)
        #expect(problems(Supervisor("a/b") {})?.contains("cannot have a \"/\" in it") == true)
        let significant = Supervisor("top", restart: .transient, isSignificant: true) {}
        #expect(problems(significant)?.contains("no supervisor that its end could shut down") == true)
        for autoShutdown in [AutoShutdown.anySignificant, .allSignificant] {
            let said = problems(Supervisor("top", autoShutdown: autoShutdown) {})
            #expect(said?.contains("has none") == true)
        }
        await #expect(processExitsWith: .failure) { _ = RestartIntensity(restarts: -1) }
        await #expect(processExitsWith: .failure) { _ = RestartIntensity(restarts: 1, within: .zero) }
    }

    // OTP: format_log_1
    @Test func `what happened to a supervisor is said in one line`() {
        let error = SupervisorError(
            .alreadyStarted, supervisor: "top/below", child: "a",
            message: "a child of this name has been started")
        #expect("\(error)" == "top/below/a: alreadyStarted: a child of this name has been started")
        let why = RemoteError.restartedTooOften(.init(restarts: 3, within: .seconds(5)))
        let event = SystemEvent(
            kind: .gaveUp(.failed(why)), actor: "top/below", incarnation: 0, processID: nil)
        #expect("\(event)".contains("top/below"))
        #expect("\(event)".contains("more than 3 restarts within 5.0 seconds"))
        #expect(!"\(event)".contains("\n"))
    }
}

extension SpecificationCheck {
    /// What `start` does with a tree before anything is started.
    fileprivate static func root(_ supervisor: Supervisor) throws -> SupervisorSpecification {
        let specification = try supervisor.draft.specification(userInfo: [:])
        try root(supervisor.rules, specification)
        return specification
    }

    /// What `startChild` does with a child.
    fileprivate static func child(
        _ draft: ChildDraft, of rules: SupervisorRules, at path: String
    ) throws -> ChildSpecification {
        let specification = try draft.specification(userInfo: [:])
        try child(specification, of: rules, at: path)
        return specification
    }
}
