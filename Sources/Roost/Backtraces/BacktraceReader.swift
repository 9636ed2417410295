internal import RoostPlatform

/// One backtrace that is being made: reads it, and ends the crashed worker's copy when it is there or its time
/// is up.
///
/// Belongs to the node's loop.
final class BacktraceReader: EventHandler {
    /// How many may be under way: when a hundred actors crash at once, the machine has better things to do.
    static let maximumAtOnce = 8
    /// One of the 64 frames it has at most takes less than a kilobyte, mostly.
    private static let byteLimit = 1 << 20

    private let copy: BacktraceCopy
    private let loop: EventLoop
    private let limit: Duration
    private let onEnd: (BacktraceState.Outcome) -> Void
    private var pipe: Descriptor?
    private var token: EventLoop.Token?
    private var timer: EventLoop.TimerToken?
    private var bytes: [UInt8] = []
    /// Why there is none.
    private var failure: String?

    /// - Parameters:
    ///   - copy: a child of the loop's thread.
    ///   - loop: the node's loop.
    ///   - limit: how long it may take; nil to end it at once, since too many are under way.
    ///   - onEnd: told what came of it, once the copy is no more.
    init(
        _ copy: BacktraceCopy, loop: EventLoop, limit: Duration?,
        onEnd: @escaping (BacktraceState.Outcome) -> Void
    ) {
        self.copy = copy
        self.loop = loop
        self.limit = limit ?? .zero
        self.onEnd = onEnd
        if limit == nil { fail("\(Self.maximumAtOnce) others were being made") } else { start() }
    }

    private func start() {
        do {
            let pipe = try copy.open()
            token = try loop.add(pipe.raw, for: .readable, handler: self)
            self.pipe = consume pipe
        } catch {
            return fail("it cannot be read: \(error)")
        }
        timer = loop.schedule(
            .closure { [weak self] in
                if let self { fail("it was not made within \(self.limit)") }
            }, at: Monotonic.now.advanced(by: limit))
    }

    func ready(_ readiness: Readiness) {
        if readAll() { stop() }
    }

    /// Reads what is there; whether that was the last.
    private func readAll() -> Bool {
        var room = [UInt8](repeating: 0, count: 16 * 1_024)
        while let descriptor = pipe?.raw {
            let outcome = unsafe room.withUnsafeMutableBytes { unsafe OutputPipe.read(descriptor, into: $0) }
            switch outcome {
            case .moved(let count): bytes += room.prefix(count)
            case .wouldBlock: return false
            case .ended, .failed: return true
            }
            if bytes.count > Self.byteLimit { fail("it is longer than \(Self.byteLimit) bytes") }
        }
        return true
    }

    private func fail(_ reason: String) {
        if failure == nil { failure = reason }
        stop()
    }

    // The node's loop reaps the copy, and says so.
    private func stop() {
        ChildProcess.killGroup(copy.processID)
        close()
    }

    private func close() {
        if let timer = timer.take() { loop.cancel(timer) }
        if let token = token.take(), let descriptor = pipe?.raw { loop.remove(token, descriptor: descriptor) }
        pipe = nil
    }

    /// The copy was reaped.
    func copyEnded() {
        // It may have died by itself, before what it had started.
        if pipe != nil {
            _ = readAll()
            stop()
        }
        onEnd(outcome)
    }

    private var outcome: BacktraceState.Outcome {
        if let failure { return .missing(failure) }
        if let backtrace = Backtrace(json: bytes) { return .made(backtrace) }
        return .missing("swift-backtrace could not be run, or did not make one")
    }
}
