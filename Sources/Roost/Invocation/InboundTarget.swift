internal import Distributed
internal import RoostPlatform
internal import Synchronization

/// A method that others call by name, with what was found out about it.
final class InboundTarget: Sendable, CustomStringConvertible {
    let name: String
    /// The name for a crash handler; nil for targets beyond any honest program's number.
    let text: TargetText?
    private let plans = Mutex<[PlanKey: TargetPlan]>([:])
    /// The plan of a method without generics of its own or its actor's: the usual case, without a search.
    private let simplePlan = Mutex<(type: ObjectIdentifier, plan: TargetPlan)?>(nil)

    private struct PlanKey: Hashable {
        let actorType: ObjectIdentifier
        let generics: [String]
    }

    init(name: String, text: TargetText? = nil) {
        self.name = name
        self.text = text
    }

    var description: String { RemoteCallTarget(name).description }

    /// How to call the method on an actor of this type, found out once.
    func plan(for actorType: any DistributedActor.Type, generics: [String]) throws(TargetError) -> TargetPlan
    {
        let type = ObjectIdentifier(actorType)
        if generics.isEmpty, let simple = simplePlan.withLock({ $0 }), simple.type == type {
            return simple.plan
        }
        let key = PlanKey(actorType: type, generics: generics)
        if let plan = plans.withLock({ $0[key] }) { return plan }
        let plan = try TargetPlan(target: name, actorType: actorType, generics: generics)
        // Hostile senders could name ever new types; honest programs have a few.
        plans.withLock { if $0.count < 1024 { $0[key] = plan } }
        if !plan.isGeneric { simplePlan.withLock { $0 = (type, plan) } }
        return plan
    }
}

/// A method that cannot be called.
struct TargetError: Error, CustomStringConvertible {
    let description: String
}

/// All methods that others have named, in this process.
final class InboundTargets: Sendable {
    private struct Known {
        var targets: [String: InboundTarget] = [:]
        var bytes = 0
    }

    private let known = Mutex(Known())
    private static let maximum = 65_536
    private static let maximumBytes = 16 << 20

    func target(named name: String) -> InboundTarget {
        known.withLock { known in
            if let target = known.targets[name] { return target }
            known.bytes += name.utf8.count
            // Beyond any honest program's number they are served, but not kept.
            guard known.targets.count < Self.maximum, known.bytes <= Self.maximumBytes else {
                return InboundTarget(name: name)
            }
            let made = InboundTarget(name: name, text: CrashRecorder.isTracking ? TargetText(name) : nil)
            known.targets[name] = made
            return made
        }
    }
}
