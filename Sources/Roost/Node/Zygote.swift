internal import RoostPlatform

/// The node's side of the zygote: forks on request, and a new zygote when the old one dies.
///
/// Belongs to the node's loop.
final class Zygote: EventHandler {
    enum ForkError: Error {
        /// The kernel refused.
        case refused(SystemError)
        /// The zygote died before it answered: the fork may have happened or not.
        case lost
    }

    typealias Completion = (Result<Int32, ForkError>) -> Void

    private struct Fork {
        let number: UInt32
        let control: Int32
        let output: [Int32]
        let completion: Completion
    }

    private let loop: EventLoop
    private let crashes: Int32
    private let backtraces: BacktraceSettings?
    private var socket: Int32?
    private var token: EventLoop.Token?
    private var asked: [UInt32: Fork] = [:]
    private var waiting = RingBuffer<Fork>()
    private var nextNumber: UInt32 = 0
    private(set) var pid: Int32?
    private let onReplaced: (Int32?) -> Void

    /// - Parameters:
    ///   - loop: the node's loop.
    ///   - crashes: what workers tell their crashes in; must stay open.
    ///   - backtraces: how workers make backtraces; nil when they make none.
    ///   - onReplaced: told the process id of a new zygote.
    init(
        loop: EventLoop, crashes: Int32, backtraces: BacktraceSettings? = nil,
        onReplaced: @escaping (Int32?) -> Void
    ) {
        self.loop = loop
        self.crashes = crashes
        self.backtraces = backtraces
        self.onReplaced = onReplaced
    }

    /// Starts it; on the loop's thread, which the parent-death signal follows.
    func start() throws(SystemError) {
        let (near, far) = try Sockets.pair(.packet).ends()
        let farEnd = Descriptor(owning: far)
        let nearEnd = Descriptor(owning: near)
        pid = try ChildProcess.start(
            .zygote, socket: farEnd.raw, crashes: crashes, backtraces: backtraces)
        token = try loop.add(nearEnd.raw, for: .readable, handler: self)
        socket = nearEnd.release()
    }

    /// Forks a worker with `control` as its socket, and `output`, if not empty, as its standard output and
    /// error.
    ///
    /// The descriptors are closed here.
    func fork(control: Int32, output: [Int32], completion: @escaping Completion) {
        nextNumber &+= 1
        waiting.append(
            Fork(number: nextNumber, control: control, output: output, completion: completion))
        sendWaiting()
    }

    // What does not fit into the socket follows when replies have made room.
    private func sendWaiting() {
        guard let socket else { return }
        while let fork = waiting.first {
            let outcome = ZygoteSocket.request(
                fork.number, on: socket, control: fork.control, output: fork.output)
            guard case .moved = outcome else { return }
            _ = waiting.popFirst()
            asked[fork.number] = fork
        }
    }

    func ready(_ readiness: Readiness) {
        if takeReplies() { sendWaiting() } else { replace() }
    }

    /// Finishes the forks that have been answered; false when the socket has ended.
    @discardableResult
    private func takeReplies() -> Bool {
        // Looked up each time: a completion may be what the node's end waited for, and close it.
        while let socket, let reply = ZygoteSocket.nextReply(on: socket) {
            guard case .success(let reply) = reply else { return false }
            guard let fork = asked.removeValue(forKey: reply.request) else { continue }
            finish(fork, reply.result.mapError { .refused(SystemError("clone3", $0.number)) })
        }
        return true
    }

    /// Its process has ended, which may be known before its socket tells.
    func processEnded() {
        takeReplies()
        // Closed by the node, which is ending: nothing follows.
        if socket != nil { replace() }
    }

    private func finish(_ fork: Fork, _ result: Result<Int32, ForkError>) {
        for descriptor in [fork.control] + fork.output { Descriptor(owning: descriptor).close() }
        fork.completion(result)
    }

    private func replace() {
        close()
        let lost = asked.values.sorted { $0.number < $1.number }
        asked = [:]
        do {
            try start()
            onReplaced(pid)
        } catch {
            while let fork = waiting.popFirst() { finish(fork, .failure(.refused(error))) }
        }
        for fork in lost { finish(fork, .failure(.lost)) }
        sendWaiting()
    }

    /// Closes its socket, on which it ends by itself.
    func close() {
        guard let socket else { return }
        if let token { loop.remove(token, descriptor: socket) }
        Descriptor(owning: socket).close()
        token = nil
        self.socket = nil
    }
}
