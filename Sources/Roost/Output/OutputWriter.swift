internal import RoostPlatform
internal import Synchronization

/// Writes lines to one of the node's own streams, on a thread of its own.
///
/// A terminal that was stopped, or a pipe whose reader is slow, makes a write wait; the node's loop must
/// not wait with it. The thread is started by the first line.
final class OutputWriter: Sendable {
    private struct State {
        var queue = OutputQueue()
        var isStarted = false
        var isSleeping = false
        var isWriting = false
        var isClosed = false
        /// How far it had come when somebody had waited in vain.
        var stuckAt: Int?
        var waiters: [(upTo: Int, action: @Sendable () -> Void)] = []
    }

    private let descriptor: Int32
    private let signal = ThreadSignal()
    private let state = Mutex(State())

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Writes lines, each with its end, soon; never waits.
    func write(_ lines: [[UInt8]]) {
        let mustStart = state.withLock { state -> Bool? in
            if state.isClosed { return nil }
            for line in lines { state.queue.append(line) }
            if !state.isStarted {
                state.isStarted = true
                return true
            }
            defer { state.isSleeping = false }
            return state.isSleeping ? false : nil
        }
        switch mustStart {
        case true?: start()
        case false?: signal.signal()
        case nil: break
        }
    }

    /// Calls `action` once everything given so far has been written or given up; at once if it has, or if
    /// nothing has moved since somebody waited in vain.
    func whenWritten(_ action: @escaping @Sendable () -> Void) {
        let isWritten = state.withLock { state in
            guard state.isWriting || !state.queue.isEmpty else { return true }
            if state.stuckAt == state.queue.taken { return true }
            state.waiters.append((state.queue.accepted, action))
            return false
        }
        if isWritten { action() }
    }

    /// Nobody is to wait again as long as this stream does not move.
    func waitedInVain() {
        state.withLock { if $0.isWriting { $0.stuckAt = $0.queue.taken } }
    }

    /// Takes no more lines; the thread ends when it has written the rest.
    func close() {
        let mustWake = state.withLock { state in
            state.isClosed = true
            defer { state.isSleeping = false }
            return state.isSleeping
        }
        if mustWake { signal.signal() }
    }

    // MARK: The thread

    private func start() {
        do {
            try RuntimeThread.start(named: "roost-output") { [self] in run() }
        } catch {
            giveUp()
        }
    }

    private enum Turn {
        case write([UInt8])
        case sleep
        case end
    }

    private func run() {
        while true {
            let (turn, written) = state.withLock { state in
                state.isWriting = false
                return Self.nextTurn(&state)
            }
            for action in written { action() }
            switch turn {
            case .write(let bytes): if !OutputPipe.writeWaiting(descriptor, bytes) { return giveUp() }
            case .sleep: signal.wait()
            case .end: return
            }
        }
    }

    private static func nextTurn(_ state: inout State) -> (Turn, [@Sendable () -> Void]) {
        // Before the next lines are taken out: what was taken so far has been written.
        let written = takeWaiters(&state)
        if let bytes = state.queue.next() {
            state.isWriting = true
            return (.write(bytes), written)
        }
        if state.isClosed { return (.end, written) }
        state.isSleeping = true
        return (.sleep, written)
    }

    private static func takeWaiters(_ state: inout State) -> [@Sendable () -> Void] {
        let taken = state.queue.taken
        let ready = state.waiters.filter { $0.upTo <= taken }
        state.waiters.removeAll { $0.upTo <= taken }
        return ready.map(\.action)
    }

    // Nobody reads the stream any more, or it was never open: the lines go nowhere from now on.
    private func giveUp() {
        let waiters = state.withLock { state in
            state.isClosed = true
            state.isWriting = false
            state.queue.removeAll()
            return Self.takeWaiters(&state)
        }
        for action in waiters { action() }
    }
}
