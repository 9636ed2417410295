public import Distributed
internal import RoostWire

extension ProcessActorSystem {
    /// Encodes a call's arguments, before it is known where they go.
    ///
    /// The compiler's thunks use it.
    public struct InvocationEncoder: DistributedTargetInvocationEncoder {
        /// Arguments and results are `Codable`.
        public typealias SerializationRequirement = any Codable

        let writer: ByteWriter
        private let host: ActorHost
        var generics: [String] = []
        var failure: String?

        init(host: ActorHost) {
            self.host = host
            writer = host.takeWriter()
        }

        /// Notes a type that a generic method or actor was called with.
        public mutating func recordGenericSubstitution<T>(_ type: T.Type) throws {
            guard let name = _mangledTypeName(type) else {
                failure = failure ?? "the type \(type) has no name another process could find it by"
                return
            }
            generics.append(name)
        }

        /// Encodes an argument.
        ///
        /// A failure is kept, and thrown by the call itself, which knows who and what.
        public mutating func recordArgument<Value: Codable>(_ argument: RemoteCallArgument<Value>) throws {
            do {
                try WireCoding.encode(argument.value, into: writer, userInfo: host.userInfo)
            } catch {
                failure = failure ?? "argument '\(argument.effectiveLabel)' cannot be encoded: \(error)"
            }
        }

        /// Not needed: the receiver knows what the method throws.
        public mutating func recordErrorType<E: Error>(_ type: E.Type) throws {}

        /// Not needed: the receiver knows what the method returns.
        public mutating func recordReturnType<R: Codable>(_ type: R.Type) throws {}

        /// Nothing is left to do.
        public mutating func doneRecording() throws {}
    }
}
