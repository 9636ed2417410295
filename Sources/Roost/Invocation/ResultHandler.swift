public import Distributed
internal import RoostWire

extension ProcessActorSystem {
    /// Takes a method's result from the runtime's public entry point, in the portable mode.
    public final class ResultHandler: DistributedTargetInvocationResultHandler {
        /// Arguments and results are `Codable`.
        public typealias SerializationRequirement = any Codable

        private let responder: Responder

        init(_ responder: Responder) {
            self.responder = responder
        }

        /// Sends the value back.
        public func onReturn<Success: Codable>(value: Success) async throws {
            responder.returned { writer, host in
                try WireCoding.encode(value, into: writer, userInfo: host.userInfo)
            }
        }

        /// Sends back that it is done.
        public func onReturnVoid() async throws {
            responder.returnedVoid()
        }

        /// Sends the error back.
        public func onThrow<Err: Error>(error: Err) async throws {
            responder.threw(error)
        }
    }
}
