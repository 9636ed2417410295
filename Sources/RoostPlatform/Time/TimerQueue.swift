/// Timers in order of their deadlines: a binary heap that knows nothing of clocks or threads.
///
/// Cancelling marks an entry; it leaves the heap when it comes up, or when half of the heap is such
/// entries, so that a long timeout that is always cancelled costs no memory.
package struct TimerQueue<Element> {
    package struct Token: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private struct Entry {
        var deadline: Monotonic
        var number: UInt64
    }

    private var heap: [Entry] = []
    private var elements: [UInt64: Element] = [:]
    private var nextNumber: UInt64 = 0

    package init() {}

    package var isEmpty: Bool { elements.isEmpty }
    package var count: Int { elements.count }

    /// The earliest deadline, if there is a timer at all.
    package var nextDeadline: Monotonic? {
        mutating get {
            dropCancelled()
            return heap.first?.deadline
        }
    }

    package mutating func insert(_ element: Element, at deadline: Monotonic) -> Token {
        nextNumber += 1
        elements[nextNumber] = element
        heap.append(Entry(deadline: deadline, number: nextNumber))
        siftUp(from: heap.count - 1)
        return Token(number: nextNumber)
    }

    /// Takes a timer back; nil when it has fired or was cancelled before.
    @discardableResult
    package mutating func cancel(_ token: Token) -> Element? {
        let element = elements.removeValue(forKey: token.number)
        if heap.count > 64 && elements.count < heap.count / 2 { compact() }
        return element
    }

    /// The next element that is due, earliest first; ties in the order of insertion.
    package mutating func popDue(at now: Monotonic) -> Element? {
        while let first = heap.first, first.deadline <= now {
            removeFirst()
            if let element = elements.removeValue(forKey: first.number) { return element }
        }
        return nil
    }

    private mutating func dropCancelled() {
        while let first = heap.first, elements[first.number] == nil { removeFirst() }
    }

    private mutating func compact() {
        let kept = heap.filter { elements[$0.number] != nil }
        heap = kept.sorted(by: Self.precedes)
    }

    private static func precedes(_ a: Entry, _ b: Entry) -> Bool {
        (a.deadline, a.number) < (b.deadline, b.number)
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        siftDown(from: 0)
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard Self.precedes(heap[child], heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(from start: Int) {
        var parent = start
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if Self.precedes(heap[child], heap[smallest]) { smallest = child }
            }
            if smallest == parent { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
