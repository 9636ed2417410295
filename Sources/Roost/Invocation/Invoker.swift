internal import Distributed
internal import RoostPlatform
internal import RoostWire

/// Calls a method on an actor of this process and answers its caller.
protocol Invoker: Sendable {
    func invoke(
        _ message: InboundMessage, on actor: any DistributedActor, named name: String, host: ActorHost
    ) async
}

/// The invoker for this build: with cached look-ups, unless `ROOST_PORTABLE=1` or an unknown compiler
/// asks for the public entry point.
enum Invokers {
    static var isPortable: Bool {
        #if compiler(>=6.3) && compiler(<6.4)
            CurrentProcess.variable("ROOST_PORTABLE") == "1"
        #else
            true
        #endif
    }

    static func make() -> any Invoker {
        isPortable ? PortableInvoker() : CachedInvoker()
    }
}

// The runtime's own entry point, which `executeDistributedTarget` ends in.
@_silgen_name("swift_distributed_execute_target")
private func executeTarget<D: DistributedTargetInvocationDecoder>(
    on actor: AnyObject,
    _ name: UnsafePointer<UInt8>, _ nameLength: UInt,
    argumentDecoder: inout D,
    argumentTypes: UnsafeRawPointer,
    resultBuffer: UnsafeMutableRawPointer,
    substitutions: UnsafeRawPointer?,
    witnessTables: UnsafeRawPointer?,
    numWitnessTables: UInt
) async throws

/// Calls the runtime's entry point with what a ``TargetPlan`` has kept.
struct CachedInvoker: Invoker {
    /// Where methods that return nothing put it: nobody reads or writes there.
    // nonisolated(unsafe): a constant address of memory that is never accessed.
    nonisolated(unsafe) private static let noResult = UnsafeMutableRawPointer.allocate(
        byteCount: 16, alignment: 16)

    func invoke(
        _ message: InboundMessage, on actor: any DistributedActor, named name: String, host: ActorHost
    ) async {
        let responder = Responder(message: message, actor: name, host: host)
        let plan: TargetPlan
        do {
            plan = try message.target.plan(for: type(of: actor), generics: message.sections.generics)
        } catch {
            return responder.refused(.unknownTarget, "\(error)")
        }
        guard let start = unsafe plan.name.baseAddress else { return }
        var decoder = ProcessActorSystem.InvocationDecoder(
            message.arguments, generics: plan.genericTypes, host: host)
        let buffer = unsafe plan.result?.allocate() ?? Self.noResult
        defer { if plan.result != nil { unsafe buffer.deallocate() } }
        do {
            try unsafe await executeTarget(
                on: actor, start, UInt(plan.name.count), argumentDecoder: &decoder,
                argumentTypes: plan.argumentTypes, resultBuffer: buffer, substitutions: plan.substitutions,
                witnessTables: plan.witnessTables, numWitnessTables: UInt(plan.witnessTableCount))
        } catch {
            return responder.threw(error)
        }
        guard let result = plan.result else { return responder.returnedVoid() }
        responder.returned { writer, host in
            try unsafe result.encode(buffer, into: writer, host: host)
        }
        unsafe result.destroy(buffer)
    }
}

/// Calls `executeDistributedTarget`: public API only, slower.
struct PortableInvoker: Invoker {
    func invoke(
        _ message: InboundMessage, on actor: any DistributedActor, named name: String, host: ActorHost
    ) async {
        await open(message, actor, name, host)
    }

    private func open<Act: DistributedActor>(
        _ message: InboundMessage, _ actor: Act, _ name: String, _ host: ActorHost
    ) async {
        let responder = Responder(message: message, actor: name, host: host)
        let generics = message.sections.generics
        var types: [any Any.Type] = []
        for generic in generics {
            guard let type = WireName.type(generic) else {
                return responder.refused(.unknownTarget, "the type \(generic) is not in this build")
            }
            types.append(type)
        }
        guard WireName.isPlain(message.target.name),
            WireName.isMethod(message.target.name, of: Act.self, generics: types)
        else { return responder.refused(.unknownTarget, "it is not a method of \(Act.self)") }
        let own = GenericActor.counts(of: Act.self)
        // The public entry point passes the wrong types here and crashes: a bug of the runtime.
        if own.types > 0 && types.count > own.types {
            return responder.refused(
                .unknownTarget, "a generic method on a generic actor cannot be called with ROOST_PORTABLE=1")
        }
        var decoder = ProcessActorSystem.InvocationDecoder(
            message.arguments, generics: types, host: host)
        do {
            try await host.system.executeDistributedTarget(
                on: actor, target: RemoteCallTarget(message.target.name), invocationDecoder: &decoder,
                handler: ProcessActorSystem.ResultHandler(responder))
        } catch {
            responder.refused(.unknownTarget, "\(error)")
        }
    }
}
