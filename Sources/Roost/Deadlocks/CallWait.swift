internal import RoostPlatform
internal import RoostWire

/// Names a call the same way at both of its ends: the number it has on their connection, and who they are.
///
/// Within one process it is the number of its ``CallWait``.
struct CallName: Hashable, Codable, Sendable {
    /// The caller's process.
    var caller: UInt64
    /// The process that serves it.
    var callee: UInt64
    var number: UInt64
}

/// A message that an actor serves waits for a call.
struct CallWait: Sendable {
    /// Tells it from every other wait there ever was in this process.
    let number: UInt64
    /// The message that waits.
    let context: ActorContext
    /// The actor that is called.
    let callee: ActorKey
    let made: Monotonic
    /// Not a call, but a one-way message that waits for room.
    let isOneWay: Bool

    /// How often the callee stands on the call's path; a one-way message has none.
    var calleeLevel: Int { isOneWay ? 0 : context.path.count { $0 == callee } }
}
