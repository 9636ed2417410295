public import Distributed
internal import RoostWire

extension ProcessActorSystem {
    /// Decodes a call's arguments straight from the received bytes.
    ///
    /// The runtime's thunks use it.
    public struct InvocationDecoder: DistributedTargetInvocationDecoder {
        /// Arguments and results are `Codable`.
        public typealias SerializationRequirement = any Codable

        private let payload: Payload
        private var reader: ByteReader
        private let host: ActorHost
        private let generics: [any Any.Type]

        init(_ payload: Payload, generics: [any Any.Type], host: ActorHost) {
            self.payload = payload
            reader = payload.reader
            self.generics = generics
            self.host = host
        }

        /// The types a generic method or actor was called with.
        public mutating func decodeGenericSubstitutions() throws -> [any Any.Type] { generics }

        /// The next argument.
        public mutating func decodeNextArgument<Argument: Codable>() throws -> Argument {
            do {
                return try WireCoding.decode(
                    Argument.self, from: &reader, userInfo: host.userInfo, limits: WireLimits(),
                    attachments: payload.attachments)
            } catch {
                throw UndecodableArgument(
                    description: "an argument of type \(Argument.self) cannot be decoded: \(error)")
            }
        }

        /// Not sent: the receiver knows.
        public mutating func decodeErrorType() throws -> (any Any.Type)? { nil }

        /// Not sent: the receiver knows.
        public mutating func decodeReturnType() throws -> (any Any.Type)? { nil }
    }
}

/// An argument that could not be decoded: the method has not run.
struct UndecodableArgument: Error {
    let description: String
}
