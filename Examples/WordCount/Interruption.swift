import Dispatch
import Glibc
import Synchronization

/// Ctrl-C, and SIGTERM: asks the run to end, and ends the process when that takes longer than a second.
///
/// There are handlers for the signals, which do no more than write a byte: handlers, unlike ignored and blocked
/// signals, are not inherited by the workers, which have a session of their own and hear no Ctrl-C.
final class Interruption: Sendable {
    /// How long the run has to collect its words.
    static let timeToCollect = Duration.milliseconds(400)
    /// When the process ends, whatever it is doing: it may be writing to a reader that does not read.
    private static let lastMoment = DispatchTimeInterval.milliseconds(750)

    private struct State {
        var action: (@Sendable () -> Void)?
        var isRequested = false
    }

    private let state = Mutex(State())
    private let console: Console
    // Used by the initialiser alone; here it is kept alive.
    nonisolated(unsafe) private let source: any DispatchSourceRead

    /// Begins to listen.
    ///
    /// - Throws: ``SystemError`` if there are no descriptors left.
    init(_ console: Console) throws(SystemError) {
        self.console = console
        let descriptor = try SignalPipe.open(for: [SIGINT, SIGTERM])
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
        unsafe self.source = source
        source.setEventHandler { [self] in
            SignalPipe.drain(descriptor)
            requested()
        }
        source.resume()
    }

    /// Sets what is done at the first signal; until then, and at the second one, the process just ends.
    func onRequest(_ action: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            state.action = action
            return state.isRequested
        }
        if isLate { action() }
    }

    private func requested() {
        let (isFirst, action) = state.withLock { state in
            defer { state.isRequested = true }
            return (!state.isRequested, state.action)
        }
        guard isFirst, let action else { return endNow() }
        action()
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.lastMoment) { self.endNow() }
    }

    /// Ends the process; its workers end with it.
    private func endNow() {
        console.sayInterrupted()
        _exit(ExitStatus.interrupted.rawValue)
    }
}

/// A pipe into which signal handlers write.
private enum SignalPipe {
    // Written once, before the handler that reads it is set.
    nonisolated(unsafe) private static var writeEnd: Int32 = -1

    static func open(for signals: [Int32]) throws(SystemError) -> Int32 {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw SystemError.last }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        unsafe writeEnd = ends[1]
        // Whoever started this process may have had them blocked, and that is inherited.
        var mask = sigset_t()
        unsafe sigemptyset(&mask)
        for number in signals { unsafe sigaddset(&mask, number) }
        unsafe pthread_sigmask(SIG_UNBLOCK, &mask, nil)
        for number in signals {
            signal(number) { _ in
                let error = errno
                unsafe _ = write(SignalPipe.writeEnd, "!", 1)
                errno = error
            }
        }
        return ends[0]
    }

    static func drain(_ descriptor: Int32) {
        var bytes: UInt64 = 0
        while unsafe read(descriptor, &bytes, 8) > 0 {}
    }
}
