internal import RoostPlatform

/// Hears of crashes from the workers themselves, before they have ended: a backtrace or a core dump can
/// take seconds, and nobody is to wait for that.
///
/// Belongs to the node's loop.
final class CrashListener: EventHandler {
    private let pipe: CrashPipe
    private let loop: EventLoop
    private var token: EventLoop.Token?
    private let onRecord: (CrashPipe.Record) -> Void

    init(loop: EventLoop, onRecord: @escaping (CrashPipe.Record) -> Void) throws(SystemError) {
        pipe = try CrashPipe()
        self.loop = loop
        self.onRecord = onRecord
        token = try loop.add(pipe.reading.raw, for: .readable, handler: self)
    }

    /// What workers tell their crashes in.
    var workersEnd: Int32 { pipe.writing.raw }

    func ready(_ readiness: Readiness) {
        while let record = pipe.next() { onRecord(record) }
    }

    /// Takes in what has been told; for when a process is known to have ended.
    func drain() {
        ready(.readable)
    }

    func close() {
        guard let token else { return }
        loop.remove(token, descriptor: pipe.reading.raw)
        self.token = nil
    }
}
