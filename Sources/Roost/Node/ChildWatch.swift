internal import RoostPlatform

/// Hears of children that were stopped, continued or ended, as SIGCHLD says, without polling.
final class ChildWatch: EventHandler {
    private let wakeUp: WakeUp
    private let loop: EventLoop
    private var token: EventLoop.Token?
    private let onChange: (Int32, ChildProcess.Change) -> Void

    init(loop: EventLoop, onChange: @escaping (Int32, ChildProcess.Change) -> Void) throws(SystemError) {
        wakeUp = try WakeUp()
        self.loop = loop
        self.onChange = onChange
        try ChildProcess.watchChanges(wakeUp)
        token = try loop.add(wakeUp.descriptor.raw, for: .readable, handler: self)
    }

    func ready(_ readiness: Readiness) {
        wakeUp.reset()
        while let (pid, change) = ChildProcess.nextChange() { onChange(pid, change) }
    }

    func close() {
        guard let token else { return }
        ChildProcess.unwatchChanges(wakeUp)
        loop.remove(token, descriptor: wakeUp.descriptor.raw)
        self.token = nil
    }
}
