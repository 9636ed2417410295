internal import RoostPlatform

/// What the node does for the program it lives in: its end by SIGTERM, and the orphans it inherits.
extension Node {
    /// How long an inherited child that has ended is left to whoever may wait for it.
    private static let orphanGrace = Duration.seconds(1)

    /// SIGTERM: everything is stopped in order, and the program ends as the signal would have ended it.
    func terminate() {
        stop {}
    }

    /// Looks after inherited children some time after one has ended.
    func expectOrphans() {
        guard inheritsOrphans, orphanTimer == nil else { return }
        orphanTimer = loop.schedule(
            .closure { [unowned self] in reapOrphans() }, at: Monotonic.now.advanced(by: Self.orphanGrace))
    }

    private func reapOrphans() {
        orphanTimer = nil
        var zombies = ChildProcess.zombies()
        zombies.subtract(processByID.keys)
        if let zygote = zygote?.pid { zombies.remove(zygote) }
        for orphan in orphans.look(zombies) { _ = try? ChildProcess.reap(orphan) }
        if orphans.areExpected { expectOrphans() }
    }
}
