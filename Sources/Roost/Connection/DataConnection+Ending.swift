internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// The end: what was not written goes back to its routes, calls under way get their outcome.
extension DataConnection {
    /// Ends the connection: what was not written goes back to its routes, calls under way get their outcome.
    func close() {
        let (token, unsent, calls) = locked { state in
            guard let token = state.token.take() else {
                return (EventLoop.Token?.none, [Unsent](), [PendingCall]())
            }
            state.isClosed = true
            tellWritten(&state)
            let unsent = takeUnsent(&state)
            return (token, unsent, state.pending.removeAll())
        }
        guard let token else { return }
        // What had come of a large message, and descriptors that nobody has taken.
        receiving.withLock { $0.input.removeAll() }
        host.loop.remove(token, descriptor: socket.raw)
        Sockets.shutDown(socket.raw)
        // The others are given to the next incarnation.
        let interrupted = calls.filter { $0.sequence == nil }
        host.closed(self, routes: routes(for: unsent), interrupted: interrupted)
    }

    private typealias Unsent = (receiver: UInt32, message: OutgoingMessage)

    /// The messages that were never written whole, in order; their calls leave the table.
    private func takeUnsent(_ state: inout State) -> [Unsent] {
        var messages: [Unsent] = []
        for item in state.outgoing.takeUnsent() {
            let header = item.header
            let call = header.kind == .call ? state.pending.remove(header.call) : nil
            if header.kind == .call && call == nil { continue }  // given up meanwhile
            call?.moved(to: nil)
            let message = OutgoingMessage(
                target: header.target, sections: item.sections, arguments: item.body, call: call)
            messages.append((header.receiver, message))
        }
        return messages
    }

    /// The routes that used this connection, each with what it had left unsent.
    private func routes(for unsent: [Unsent]) -> [(Route, [OutgoingMessage])] {
        var messages = Dictionary(grouping: unsent, by: \.receiver).mapValues { $0.map(\.message) }
        let attached = receiving.withLock { $0.routes }
        return attached.compactMap { receiver, attached in
            let left = messages.removeValue(forKey: receiver) ?? []
            // Nobody here may refer to the actor any more while messages to it are still to be sent.
            let route =
                attached.route ?? (left.isEmpty ? nil : host.route(to: attached.key, name: attached.name))
            return route.map { ($0, left) }
        }
    }
}
