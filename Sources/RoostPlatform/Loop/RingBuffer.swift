/// A first-in first-out queue in one growing block: jobs, waiting messages.
///
/// Inlinable, because the mailbox is in another module: unspecialised it cost an eighth of serving a message.
public struct RingBuffer<Element> {
    @usableFromInline internal var storage: [Element?]
    @usableFromInline internal var head = 0
    @usableFromInline internal var used = 0

    /// An empty queue with room for at least so many elements.
    @inlinable public init(minimumCapacity: Int = 16) {
        var capacity = 16
        while capacity < minimumCapacity { capacity *= 2 }
        storage = Array(repeating: nil, count: capacity)
    }

    /// How many elements are in it.
    @inlinable public var count: Int { used }

    /// Whether nothing is in it.
    @inlinable public var isEmpty: Bool { used == 0 }

    /// Adds an element behind all others.
    @inlinable public mutating func append(_ element: Element) {
        if count == storage.count { grow() }
        storage[(head &+ count) & (storage.count &- 1)] = element
        used &+= 1
    }

    /// Adds an element before all others.
    @inlinable public mutating func prepend(_ element: Element) {
        if count == storage.count { grow() }
        head = (head &- 1) & (storage.count &- 1)
        storage[head] = element
        used &+= 1
    }

    /// Takes out the first element; nil when there is none.
    @inlinable public mutating func popFirst() -> Element? {
        guard count > 0 else { return nil }
        let element = storage[head].take()
        head = (head &+ 1) & (storage.count &- 1)
        used &-= 1
        return element
    }

    /// The first element, left in its place.
    @inlinable public var first: Element? { count == 0 ? nil : storage[head] }

    /// Calls `body` with each element, first to last, and leaves them in their places.
    @inlinable public func forEach(_ body: (Element) -> Void) {
        for offset in 0..<count {
            if let element = storage[(head &+ offset) & (storage.count &- 1)] { body(element) }
        }
    }

    /// Removes and returns the elements that satisfy the condition, keeping the order of the rest.
    @inlinable public mutating func removeAll(where condition: (Element) -> Bool) -> [Element] {
        var kept = RingBuffer(minimumCapacity: count)
        var removed: [Element] = []
        while let element = popFirst() {
            if condition(element) { removed.append(element) } else { kept.append(element) }
        }
        self = kept
        return removed
    }

    @inlinable internal mutating func grow() {
        var larger: [Element?] = []
        larger.reserveCapacity(storage.count * 2)
        for offset in 0..<count { larger.append(storage[(head + offset) & (storage.count - 1)]) }
        larger.append(contentsOf: repeatElement(nil, count: storage.count * 2 - count))
        storage = larger
        head = 0
    }
}
