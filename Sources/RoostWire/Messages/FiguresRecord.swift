/// What a worker has counted since it began.
package struct FiguresRecord: Codable, Equatable, Sendable {
    /// Messages that came into the mailbox of its actor.
    package var received: UInt64 = 0
    /// Of these, how many were begun.
    package var served: UInt64 = 0
    /// Messages in the mailbox at this moment.
    package var waiting: UInt64 = 0
    /// Calls and one-way messages to other processes.
    package var sent: UInt64 = 0
    /// Bytes read from data sockets.
    package var bytesReceived: UInt64 = 0
    /// Bytes written to data sockets.
    package var bytesSent: UInt64 = 0
    /// Nanoseconds with a message under way.
    package var busy: UInt64 = 0

    package init() {}
}
