internal import RoostPlatform

/// Reads one stream of one worker, and hands on its lines.
///
/// Belongs to the node's loop.
@safe final class OutputReader: EventHandler {
    // @safe: the room is only used on the loop's thread, and as long as the node has processes.

    private let descriptor: Descriptor
    private let loop: EventLoop
    private let room: UnsafeMutableRawBufferPointer
    private var token: EventLoop.Token?
    private var lines = LineBuffer()
    private let onLines: ([[UInt8]]) -> Void

    /// - Parameters:
    ///   - descriptor: the reading end of the worker's pipe.
    ///   - loop: the node's loop.
    ///   - room: where bytes are read to, the same for all workers; must outlive the reader.
    ///   - onLines: gets the lines, without their ends.
    /// - Throws: `SystemError` when the pipe cannot be watched.
    init(
        _ descriptor: consuming Descriptor, loop: EventLoop, room: UnsafeMutableRawBufferPointer,
        onLines: @escaping ([[UInt8]]) -> Void
    ) throws(SystemError) {
        self.descriptor = descriptor
        self.loop = loop
        unsafe self.room = room
        self.onLines = onLines
        token = try loop.add(self.descriptor.raw, for: .readable, handler: self)
    }

    // One piece a turn, so that a worker that never stops printing leaves the loop time for others.
    func ready(_ readiness: Readiness) {
        if readSome() == .ended { close() }
    }

    /// The process is gone: takes in what is there, completes the last line and closes.
    ///
    /// A child of the worker may still have the pipe, and write to it without end: what a pipe can hold
    /// is read and no more.
    func finish() {
        var rooms = 0
        while rooms < Self.pipeRooms, token != nil, readSome() == .more { rooms += 1 }
        close()
    }

    /// The largest pipe that an unprivileged process can make, in rooms of ``OutputStreams/roomSize``.
    private static let pipeRooms = (1 << 20) / OutputStreams.roomSize

    private enum Progress {
        /// There may be more already.
        case more
        /// There is nothing now.
        case empty
        /// Nobody writes any more.
        case ended
    }

    private func readSome() -> Progress {
        switch unsafe OutputPipe.read(descriptor.raw, into: room) {
        case .moved(let count):
            let found = unsafe lines.append(UnsafeRawBufferPointer(rebasing: room[..<count]))
            if !found.isEmpty { onLines(found) }
            return count == OutputStreams.roomSize ? .more : .empty
        case .wouldBlock: return .empty
        case .ended, .failed: return .ended
        }
    }

    private func close() {
        guard let token else { return }
        self.token = nil
        loop.remove(token, descriptor: descriptor.raw)
        if let last = lines.finish() { onLines([last]) }
    }
}
