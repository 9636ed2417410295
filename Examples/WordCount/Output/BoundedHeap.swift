/// Keeps the first `capacity` of the elements it is offered, in the order of a predicate, in that much memory.
struct BoundedHeap<Element> {
    /// A heap with the last of the kept elements at its root, where it is ready to be replaced.
    private var elements: [Element] = []
    private let capacity: Int
    private let precedes: (Element, Element) -> Bool

    init(capacity: Int, by precedes: @escaping (Element, Element) -> Bool) {
        self.capacity = capacity
        self.precedes = precedes
    }

    /// The last of the kept elements, once there are as many as are kept: what another must precede to be kept.
    var threshold: Element? { elements.count < capacity ? nil : elements.first }

    mutating func offer(_ element: Element) {
        guard elements.count == capacity else {
            elements.append(element)
            siftUp()
            return
        }
        guard let last = elements.first, precedes(element, last) else { return }
        elements[0] = element
        siftDown()
    }

    /// The elements kept, in order.
    consuming func sorted() -> [Element] {
        elements.sorted(by: precedes)
    }

    private mutating func siftUp() {
        var child = elements.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(elements[parent], elements[child]) else { return }
            elements.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var last = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < elements.count {
                if precedes(elements[last], elements[child]) { last = child }
            }
            guard last != parent else { return }
            elements.swapAt(parent, last)
            parent = last
        }
    }
}
