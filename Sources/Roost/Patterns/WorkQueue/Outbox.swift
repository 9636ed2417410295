internal import Synchronization

/// What is to be sent to one client, until the task that sends it comes for it: a slow client holds up no other.
final class Outbox<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var isClosed = false
        var sender: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func append(_ element: Element) {
        state.withLock { state in
            state.elements.append(element)
            state.sender.take()?.resume()
        }
    }

    /// Nothing more follows.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.sender.take()?.resume()
        }
    }

    /// All that has gathered, waiting for a first element; nil after the last.
    ///
    /// One task asks.
    func next() async -> [Element]? {
        while true {
            let (elements, isClosed) = state.withLock { state in
                defer { state.elements = [] }
                return (state.elements, state.isClosed)
            }
            if !elements.isEmpty { return elements }
            if isClosed { return nil }
            await wait()
        }
    }

    private func wait() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if !state.elements.isEmpty || state.isClosed { return true }
                state.sender = continuation
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
