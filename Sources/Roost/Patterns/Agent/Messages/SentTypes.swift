internal import Synchronization

/// The types of updates and queries by the names they are sent with; found out once for each.
enum SentTypes {
    /// No honest program has more; a sender that makes up names is not remembered for ever.
    private static let maximum = 4_096

    private static let names = Mutex<[ObjectIdentifier: String]>([:])
    private static let types = Mutex<[String: Found]>([:])

    // @unchecked: a type is not changed by anybody.
    private struct Found: @unchecked Sendable {
        let type: any Any.Type
    }

    /// The name by which another process finds the type; nil when there is none.
    static func name(of type: any Any.Type) -> String? {
        let identifier = ObjectIdentifier(type)
        if let name = names.withLock({ $0[identifier] }) { return name }
        guard let name = _mangledTypeName(type), WireName.type(name) == type else { return nil }
        names.withLock { $0[identifier] = name }
        return name
    }

    /// The type with this name; nil when there is none in this build.
    static func type(named name: String) -> (any Any.Type)? {
        if let found = types.withLock({ $0[name] }) { return found.type }
        guard let type = WireName.type(name) else { return nil }
        types.withLock { types in
            if types.count >= maximum { types = [:] }
            types[name] = Found(type: type)
        }
        return type
    }
}
