internal import RoostWire

/// Looking at the connections, on the loop, and telling of a bad one.
extension ActorHost {
    func isConnected(to process: UInt64) -> Bool { connections[process] != nil }

    func connection(to process: UInt64) -> DataConnection? { connections[process] }

    func violation(by process: UInt64, _ error: WireError) {
        link.violation(by: process, "\(error)")
    }
}
