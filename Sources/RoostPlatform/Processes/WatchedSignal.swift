internal import CRoost
internal import Glibc

/// A signal to the program that nodes want to hear of.
package enum WatchedSignal: Sendable {
    /// SIGCHLD: a child was stopped, continued, or has ended.
    case childChanged
    /// SIGTERM: the program is to end.
    case termination

    /// Has `wakeUp` written at each.
    ///
    /// - Returns: false when the program handles the signal itself.
    package func watch(_ wakeUp: borrowing WakeUp) throws(SystemError) -> Bool {
        let error =
            switch self {
            case .childChanged: roost_watch_children(wakeUp.descriptor.raw)
            case .termination: roost_watch_termination(wakeUp.descriptor.raw)
            }
        if self == .termination && error == EBUSY { return false }
        if error != 0 { throw SystemError("sigaction", error) }
        return true
    }

    package func unwatch(_ wakeUp: borrowing WakeUp) {
        switch self {
        case .childChanged: roost_unwatch_children(wakeUp.descriptor.raw)
        case .termination: roost_unwatch_termination(wakeUp.descriptor.raw)
        }
    }
}
