internal import RoostWire
internal import Synchronization

/// What is finished of messages that are delivered at least once, each told by its number.
extension DataConnection {
    // All that are finished until the next write go together: there is nothing to gain by keeping them longer.
    func acknowledge(_ sequence: UInt64, _ size: Int, atOnce: Bool, _ state: inout State) {
        state.acknowledged.sequences.append(sequence)
        state.acknowledged.bytes += size
        if state.isBlocked { return }
        if atOnce || isOverdue(state) { return write(&state) }
        markDirty(&state)
    }

    func appendAcknowledgements(_ state: inout State) {
        if state.acknowledged.sequences.isEmpty { return }
        let count = UInt32(clamping: state.acknowledged.sequences.count)
        let start = state.outgoing.begin(FrameHeader(kind: .acknowledged, call: count))
        state.outgoing.gathered.appendFixed(UInt64(state.acknowledged.bytes))
        for sequence in state.acknowledged.sequences { state.outgoing.gathered.appendFixed(sequence) }
        state.outgoing.end(start)
        state.acknowledged.sequences.removeAll(keepingCapacity: true)
        state.acknowledged.bytes = 0
    }

    /// A redelivered message is going to be served: its sender knows before it is.
    func began(_ sequence: UInt64) {
        locked { state in
            if state.isClosed { return }
            let start = state.outgoing.begin(FrameHeader(kind: .acknowledged, flags: 1, call: 1))
            state.outgoing.gathered.appendFixed(UInt64(0))
            state.outgoing.gathered.appendFixed(sequence)
            state.outgoing.end(start)
            if !state.isBlocked { write(&state) }
        }
    }

    /// The other side has finished messages, or begun one.
    func handleAcknowledgement(
        _ header: FrameHeader, _ reader: inout ByteReader, _ routes: [UInt32: RouteReference]
    ) throws(WireError) {
        let bytes = try reader.readFixed(UInt64.self)
        guard Int(header.call) == reader.remaining / 8, reader.remaining % 8 == 0 else {
            throw WireError(.malformed, "\(header.call) sequence numbers in \(reader.remaining) bytes")
        }
        var sequences: [UInt64] = []
        for _ in 0..<header.call { sequences.append(try reader.readFixed(UInt64.self)) }
        guard let route = routes[header.receiver]?.route else { return }
        if header.flags == 0 {
            route.acknowledged(sequences, bytes: Int(clamping: bytes))
        } else {
            route.began(sequences)
        }
    }
}
