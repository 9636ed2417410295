internal import Distributed

/// Names of types and methods that other processes send: what of them may be given to the runtime.
///
/// The runtime believes what it is given. A type's name may hold relative addresses, marked by control characters,
/// which it follows; and a method's is called on whatever actor there is, also on one of another type.
enum WireName {
    /// No honest name is longer, in bytes.
    static let maximum = 4_096

    /// The type with this mangled name; nil when there is none, or the name is not one that is sent.
    static func type(_ mangled: String) -> (any Any.Type)? {
        isPlain(mangled) ? _typeByName(mangled) : nil
    }

    /// Whether it is made of the characters of mangled names, none of which is an address.
    static func isPlain(_ mangled: String) -> Bool {
        let bytes = mangled.utf8
        return !bytes.isEmpty && bytes.count <= maximum && bytes.allSatisfy { 0x21...0x7E ~= $0 }
    }

    /// Whether the target, of a plain name, is a method of this very type, or one that a protocol gives to it.
    static func isMethod(
        _ target: String, of type: any DistributedActor.Type, generics: [any Any.Type]
    ) -> Bool {
        if let first = generics.first, first == type, isOfProtocol(target) { return true }
        guard let mangled = _mangledTypeName(type), _typeByName(mangled) == type else {
            // The names of private types are not known to the runtime.
            return namesPrivate(target, type)
        }
        return contexts(of: mangled).contains { target.hasPrefix("$s" + $0) }
    }

    /// How the type's name begins the names of its methods: as it is, or without generic arguments.
    private static func contexts(of mangled: String) -> [String] {
        guard mangled.hasSuffix("G") else { return [mangled] }
        var contexts: [String] = []
        var rest = mangled[...]
        while let found = rest.firstRange(of: "Cy") {
            contexts.append(String(mangled[..<mangled.index(after: found.lowerBound)]))
            rest = rest[found.upperBound...]
        }
        return contexts
    }

    /// In an extension of a protocol: of the same module, or of one that is named.
    private static func isOfProtocol(_ target: String) -> Bool {
        let bytes = Array(target.utf8)
        return target.contains("PAAE")
            || bytes.indices.dropLast().contains { bytes[$0] == 0x50 && 0x30...0x39 ~= bytes[$0 + 1] }
    }

    private static func namesPrivate(_ target: String, _ type: any DistributedActor.Type) -> Bool {
        let name = _typeName(type, qualified: false).prefix { $0 != "<" }
        return target.contains(name) || RemoteCallTarget(target).description.contains(name)
    }
}
