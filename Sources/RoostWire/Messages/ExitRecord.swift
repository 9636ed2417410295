/// Why an actor's process ended, as the node tells it to the other processes.
package enum ExitRecord: Codable, Equatable, Sendable {
    case normal
    case shutdown
    case failed(RemoteFailure)
    case crashed(signal: Int32)
    case exited(code: Int32)
    case killed(by: UInt8)
    case unknown
}
