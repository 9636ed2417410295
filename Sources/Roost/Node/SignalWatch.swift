internal import RoostPlatform

/// Hears of a signal that the program got, on the node's loop and without polling.
final class SignalWatch: EventHandler {
    private let signal: WatchedSignal
    private let wakeUp: WakeUp
    private let loop: EventLoop
    private var token: EventLoop.Token?
    private let onSignal: () -> Void

    /// Nil when the program handles the signal itself.
    init?(_ signal: WatchedSignal, loop: EventLoop, onSignal: @escaping () -> Void) throws(SystemError) {
        self.signal = signal
        wakeUp = try WakeUp()
        self.loop = loop
        self.onSignal = onSignal
        guard try signal.watch(wakeUp) else { return nil }
        token = try loop.add(wakeUp.descriptor.raw, for: .readable, handler: self)
    }

    func ready(_ readiness: Readiness) {
        wakeUp.reset()
        onSignal()
    }

    func close() {
        guard let token else { return }
        signal.unwatch(wakeUp)
        loop.remove(token, descriptor: wakeUp.descriptor.raw)
        self.token = nil
    }
}
