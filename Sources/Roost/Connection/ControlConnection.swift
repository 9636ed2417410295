internal import RoostPlatform
internal import RoostWire

/// The socket between the node and one worker: orders, questions and descriptors, apart from all data.
///
/// Belongs to its loop's thread.
final class ControlConnection<Incoming: Decodable & Sendable, Outgoing: Encodable & Sendable>: EventHandler {
    /// The largest thing sent here is a spawn's arguments.
    private static var frameLimit: Int { 256 << 20 }
    /// As much as one turn takes in, so that a peer that writes without end keeps nobody else from being served.
    private static var readsPerTurn: Int { 4 }
    /// With more than this unread by the peer, in bytes, its questions are left unread in turn.
    private static var pauseLimit: Int { 1 << 20 }
    /// With more than this unread it reads nothing any more.
    private static var unreadLimit: Int { 64 << 20 }

    private struct Packet {
        var bytes: [UInt8]
        var written = 0
        var descriptors: [Int32]

        /// What it counts for; a large one is alone of its kind, and limited by itself.
        var weight: Int { min(bytes.count, 1 << 18) + 64 }
    }

    private let socket: Descriptor
    private let loop: EventLoop
    private let scanner: FrameScanner
    private var input: ReceiveBuffer
    private var token: EventLoop.Token?
    private var waiting = RingBuffer<Packet>()
    private var waitingBytes = 0
    private var isBlocked = false
    private var watched: Readiness = .readable
    private let trust: Trust
    private var descriptors: [Int32] = []
    private var hasAgreed = false
    private let onMessage: (Incoming, ControlConnection) -> Void
    private let onEnd: (WireError?) -> Void

    /// Whether the peer may send descriptors, and be as slow in reading as it likes.
    enum Trust {
        /// A worker's view of the node, without which it is nothing.
        case trusted
        /// The node's view of a worker.
        case untrusted
    }

    init(
        socket: consuming Descriptor, loop: EventLoop, trust: Trust,
        onMessage: @escaping (Incoming, ControlConnection) -> Void, onEnd: @escaping (WireError?) -> Void
    ) {
        self.socket = socket
        self.loop = loop
        self.trust = trust
        self.onMessage = onMessage
        self.onEnd = onEnd
        scanner = FrameScanner(limit: Self.frameLimit)
        input = ReceiveBuffer(frameLimit: Self.frameLimit)
    }

    deinit {
        for descriptor in descriptors { Descriptor(owning: descriptor).close() }
        while let packet = waiting.popFirst() { Self.closeAll(packet.descriptors) }
    }

    func open() throws(SystemError) {
        token = try loop.add(socket.raw, for: .readable, handler: self)
        send { Handshake.current.write(to: $0) }
    }

    /// Sends a message; `descriptor` goes along with it and is closed here.
    func send(_ message: Outgoing, descriptor: Int32? = nil) {
        send(descriptor: descriptor) { try WireCoding.encode(message, into: $0, userInfo: [:]) }
    }

    private func send(descriptor: Int32? = nil, _ write: (ByteWriter) throws -> Void) {
        let writer = ByteWriter()
        let start = FrameScanner.beginFrame(in: writer)
        do {
            try write(writer)
            try scanner.endFrame(start, in: writer)
        } catch {
            preconditionFailure("a control message could not be encoded: \(error)")
        }
        let packet = unsafe Packet(bytes: Array(writer.bytes), descriptors: descriptor.map { [$0] } ?? [])
        guard waitingBytes <= Self.unreadLimit else { return tooMuchUnread(packet) }
        waitingBytes += packet.weight
        waiting.append(packet)
        if waiting.count == 1 { writeWaiting() }
        watch()
    }

    // Not at once: whoever sends is in the middle of something.
    private func tooMuchUnread(_ packet: Packet) {
        Self.closeAll(packet.descriptors)
        loop.schedule(
            .closure { [weak self] in
                self?.end(WireError(.tooLarge, "it leaves \(Self.unreadLimit) bytes of answers unread"))
            }, at: .now)
    }

    private func watch() {
        guard let token else { return }
        let isPaused = trust == .untrusted && waitingBytes > Self.pauseLimit
        var interest: Readiness = isPaused ? [] : .readable
        if isBlocked { interest.insert(.writable) }
        if interest == watched { return }
        watched = interest
        loop.change(token, descriptor: socket.raw, to: interest)
    }

    /// Whether something could not be written yet.
    var hasWaiting: Bool { waiting.count > 0 }

    /// The descriptor that came with the message being handled.
    func takeDescriptor() -> Descriptor? {
        descriptors.isEmpty ? nil : Descriptor(owning: descriptors.removeFirst())
    }

    /// Handles everything that has arrived; for when the other side is known to be dead.
    func drain() {
        // Bounded, since a child of that process may have the socket, and write to it without end.
        receive(reads: 1_024)
    }

    func close() {
        guard let token else { return }
        loop.remove(token, descriptor: socket.raw)
        self.token = nil
        Sockets.shutDown(socket.raw)
    }

    private func writeWaiting() {
        isBlocked = false
        defer { watch() }
        while var packet = waiting.popFirst() {
            let outcome = unsafe packet.bytes.withUnsafeBytes { bytes in
                unsafe Sockets.send(
                    socket.raw, UnsafeRawBufferPointer(rebasing: bytes[packet.written...]),
                    descriptors: packet.descriptors)
            }
            switch outcome {
            case .moved(let count):
                packet.written += count
                Self.closeAll(packet.descriptors)
                packet.descriptors = []
                if packet.written < packet.bytes.count {
                    waiting.prepend(packet)
                } else {
                    waitingBytes -= packet.weight
                }
            case .wouldBlock:
                waiting.prepend(packet)
                isBlocked = true
                return
            case .ended, .failed:
                // The reading side reports the end.
                Self.closeAll(packet.descriptors)
                waitingBytes -= packet.weight
                return
            }
        }
    }

    private static func closeAll(_ descriptors: [Int32]) {
        for descriptor in descriptors { Descriptor(owning: descriptor).close() }
    }

    func ready(_ readiness: Readiness) {
        if readiness.contains(.writable) { writeWaiting() }
        guard !readiness.isDisjoint(with: [.readable, .hangup]) else { return }
        receive(reads: Self.readsPerTurn)
    }

    private func receive(reads: Int) {
        do {
            try takeIn(reads: reads)
        } catch let error as WireError {
            end(error)
        } catch {
            end(WireError(.malformed, "\(error)"))
        }
    }

    private func takeIn(reads: Int) throws {
        for _ in 0..<reads where token != nil {
            let (outcome, _) = try unsafe withUnsafeMutablePointer(to: &descriptors) {
                descriptors throws(WireError) in
                try unsafe input.read(from: socket.raw, descriptors: descriptors)
            }
            guard descriptors.isEmpty || trust == .trusted else {
                throw WireError(.malformed, "it sends descriptors")
            }
            switch outcome {
            case .moved:
                while token != nil, let frame = try input.nextFrame() {
                    var reader = frame.reader
                    guard hasAgreed else {
                        _ = try Handshake.current.agree(with: try Handshake(from: &reader))
                        hasAgreed = true
                        continue
                    }
                    let message = try WireCoding.decode(
                        Incoming.self, from: &reader, userInfo: [:], limits: WireLimits())
                    onMessage(message, self)
                }
            case .wouldBlock:
                return
            case .ended, .failed:
                return end(nil)
            }
        }
    }

    private func end(_ error: WireError?) {
        guard token != nil else { return }
        close()
        onEnd(error)
    }
}
