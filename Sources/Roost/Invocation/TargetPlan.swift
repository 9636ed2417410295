internal import Distributed
internal import RoostWire

/// Everything the runtime needs to call a method, found out once per method and set of generic types.
///
/// The public `executeDistributedTarget` demangles the method's name three times a call, 7.5 µs. These
/// are the same look-ups, kept. See `Documentation/Decisions/0001-cached-invocation.md`.
@safe final class TargetPlan: @unchecked Sendable {
    // @unchecked: written in the initialiser only; the pointers own their memory.

    let name: UnsafeBufferPointer<UInt8>
    let genericTypes: [any Any.Type]
    let argumentTypes: UnsafeRawPointer
    let substitutions: UnsafeRawPointer?
    let witnessTables: UnsafeRawPointer?
    let witnessTableCount: Int
    /// Nil for a method that returns nothing.
    let result: (any ResultCoding)?

    private let ownedTypes: UnsafeMutablePointer<any Any.Type>
    private let ownedSubstitutions: UnsafeMutablePointer<any Any.Type>?
    private let ownedWitnessTables: UnsafeRawPointer?

    var isGeneric: Bool { unsafe ownedSubstitutions != nil }

    init(target: String, actorType: any DistributedActor.Type, generics: [String]) throws(TargetError) {
        guard WireName.isPlain(target) else { throw TargetError(description: "its name is none") }
        let types = try Self.types(named: generics)
        guard WireName.isMethod(target, of: actorType, generics: types) else {
            throw TargetError(description: "it is not a method of \(actorType)")
        }
        genericTypes = types
        let bytes = Array(target.utf8)
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = unsafe copy.initialize(from: bytes)
        unsafe name = UnsafeBufferPointer(copy)
        guard let start = unsafe name.baseAddress else { throw TargetError(description: "it has no name") }
        let length = UInt(bytes.count)

        let environment = unsafe _getGenericEnvironmentOfDistributedTarget(start, length)
        if let environment = unsafe environment {
            if genericTypes.isEmpty {
                throw TargetError(description: "it is generic, and no types were sent")
            }
            let types = UnsafeMutablePointer<any Any.Type>.allocate(capacity: genericTypes.count)
            for (index, type) in genericTypes.enumerated() { unsafe (types + index).initialize(to: type) }
            unsafe ownedSubstitutions = types
            let (tables, count) = unsafe _getWitnessTablesFor(
                environment: environment, genericArguments: types)
            guard count >= 0 else {
                throw TargetError(description: "the types \(genericTypes) do not satisfy its requirements")
            }
            unsafe ownedWitnessTables = tables
            // The accessor of a generic method on a generic actor counts from the method's own types,
            // while the thunk records the actor's before them.
            let own = GenericActor.counts(of: actorType)
            let isMethodGeneric = genericTypes.count > own.types
            unsafe substitutions = UnsafeRawPointer(types + (isMethodGeneric ? own.types : 0))
            let skipped = isMethodGeneric ? own.witnessTables : 0
            unsafe witnessTables = tables + skipped * MemoryLayout<UnsafeRawPointer>.size
            witnessTableCount = count - skipped
        } else {
            unsafe ownedSubstitutions = nil
            unsafe ownedWitnessTables = nil
            unsafe substitutions = nil
            unsafe witnessTables = nil
            witnessTableCount = 0
        }

        let count = unsafe __getParameterCount(start, length)
        guard count >= 0 else { throw TargetError(description: "there is no such method") }
        unsafe ownedTypes = .allocate(capacity: max(1, Int(count)))
        let found = unsafe __getParameterTypeInfo(
            start, length, environment, UnsafeRawPointer(ownedSubstitutions),
            UnsafeMutableRawPointer(ownedTypes)._rawValue, Int(count))
        guard found == count else {
            throw TargetError(description: "its parameter types are not in this build")
        }
        unsafe argumentTypes = UnsafeRawPointer(ownedTypes)

        guard
            let type = unsafe __getReturnTypeInfo(
                start, length, environment, UnsafeRawPointer(ownedSubstitutions))
        else { throw TargetError(description: "its result type is not in this build") }
        if type == Void.self {
            result = nil
        } else if let codable = type as? any Codable.Type {
            result = Self.coding(codable)
        } else {
            throw TargetError(description: "its result type \(type) is not Codable")
        }
    }

    deinit {
        unsafe name.deallocate()
        unsafe ownedTypes.deallocate()
        unsafe ownedSubstitutions?.deallocate()
        unsafe ownedWitnessTables?.deallocate()
    }

    private static func types(named names: [String]) throws(TargetError) -> [any Any.Type] {
        var types: [any Any.Type] = []
        for name in names {
            guard let type = WireName.type(name) else {
                throw TargetError(description: "the type \(name) is not in this build")
            }
            types.append(type)
        }
        return types
    }

    private static func coding<R: Codable>(_ type: R.Type) -> any ResultCoding { ResultCoder<R>() }
}

/// Room for a method's result, and its way to the wire.
protocol ResultCoding: Sendable {
    func allocate() -> UnsafeMutableRawPointer
    func encode(_ buffer: UnsafeMutableRawPointer, into writer: ByteWriter, host: ActorHost) throws
    func destroy(_ buffer: UnsafeMutableRawPointer)
}

/// ``ResultCoding`` for one type, so that no call has to find out about it.
struct ResultCoder<R: Codable>: ResultCoding {
    func allocate() -> UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(UnsafeMutablePointer<R>.allocate(capacity: 1))
    }

    func encode(_ buffer: UnsafeMutableRawPointer, into writer: ByteWriter, host: ActorHost) throws {
        try unsafe WireCoding.encode(
            buffer.assumingMemoryBound(to: R.self).pointee, into: writer,
            userInfo: host.userInfo)
    }

    func destroy(_ buffer: UnsafeMutableRawPointer) {
        unsafe buffer.assumingMemoryBound(to: R.self).deinitialize(count: 1)
    }
}
