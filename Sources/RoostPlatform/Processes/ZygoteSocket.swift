internal import CRoost
internal import Glibc

/// The node's end of the zygote's socket: fork requests go out, process ids come back.
package enum ZygoteSocket {
    /// A fork the zygote carried out, or could not.
    package struct Reply: Equatable, Sendable {
        package var request: UInt32
        package var result: Result<Int32, ForkError>
    }

    /// Why a fork failed.
    package struct ForkError: Error, Equatable, Sendable {
        package var number: Int32
    }

    /// Asks for a worker with `control` as its socket.
    ///
    /// The descriptors are only lent.
    package static func request(
        _ number: UInt32, on socket: Int32, control: Int32, output: [Int32] = []
    ) -> Sockets.Outcome {
        var request = roost_fork_request(request: number, descriptors: UInt32(1 + output.count))
        return unsafe withUnsafeBytes(of: &request) {
            unsafe Sockets.send(socket, $0, descriptors: [control] + output)
        }
    }

    /// The next reply: nil when there is none yet; an ended socket means the zygote died.
    package static func nextReply(on socket: Int32) -> Result<Reply, SystemError>? {
        var reply = roost_fork_reply()
        let outcome = unsafe withUnsafeMutableBytes(of: &reply) { unsafe Sockets.receive(socket, into: $0) }
        switch outcome {
        case .wouldBlock: return nil
        case .moved(MemoryLayout<roost_fork_reply>.size):
            let result: Result<Int32, ForkError> =
                reply.pid > 0 ? .success(reply.pid) : .failure(ForkError(number: reply.error))
            return .success(Reply(request: reply.request, result: result))
        case .failed(let number): return .failure(SystemError("recv", number))
        case .moved, .ended: return .failure(SystemError("recv", ECONNRESET))
        }
    }
}
