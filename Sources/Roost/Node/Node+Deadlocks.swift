internal import RoostPlatform
internal import RoostWire

/// Calls that wait for each other: what ``WaitGraph`` finds is done here.
extension Node {
    /// How long the processes on a possible circle are left alone between two reports.
    private static let pause = Duration.milliseconds(25)

    func report(_ waits: WaitReport) {
        took(waits, from: Self.processNumber)
    }

    func tookWaits(_ bytes: [UInt8], from process: WorkerProcess) {
        do {
            took(try WireCoding.value(WaitReport.self, of: bytes), from: process.number)
        } catch {
            violation(by: process.number, "a report of waits cannot be decoded: \(error)")
        }
    }

    private func took(_ report: WaitReport, from process: UInt64) {
        // One that has just ended waits for nothing.
        guard process == Self.processNumber || processes[process] != nil else { return }
        let action = waitGraph.reported(report, by: process)
        if let deadlock = action.deadlock { end(deadlock) }
        ask(action.asked)
        if !action.asked.isEmpty { askLater() }
    }

    private func end(_ deadlock: WaitGraph.Deadlock) {
        guard deadlock.process != Self.processNumber else {
            host?.endDeadlock(deadlock.call, path: deadlock.path)
            return
        }
        processes[deadlock.process]?.control?.send(.deadlock(call: deadlock.call, path: deadlock.path))
    }

    private func ask(_ asked: [UInt64]) {
        for process in asked {
            if process == Self.processNumber {
                // In a turn of its own: the answer comes at once.
                loop.perform { [weak self] in self?.host?.reportWaits() }
            } else {
                processes[process]?.control?.send(.reportWaits)
            }
        }
    }

    private func askLater() {
        guard waitTimer == nil else { return }
        waitTimer = loop.schedule(
            .closure { [weak self] in self?.askAgain() }, at: Monotonic.now.advanced(by: Self.pause))
    }

    private func askAgain() {
        waitTimer = nil
        let action = waitGraph.due()
        ask(action.asked)
        if action.isToBeContinued { askLater() }
    }
}
