/// Elements that leave in the order they came.
struct FirstInFirstOut<Element> {
    private var elements: [Element?] = []
    private var head = 0

    var count: Int { elements.count - head }
    var isEmpty: Bool { elements.count == head }

    mutating func append(_ element: Element) {
        elements.append(element)
    }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let element = elements[head].take()
        head += 1
        if head == elements.count {
            elements.removeAll(keepingCapacity: head <= 4_096)
            head = 0
        } else if head >= 1_024 && head * 2 >= elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }

    /// Takes out all that satisfy the condition; the others keep their order.
    mutating func removeAll(where condition: (Element) -> Bool) {
        elements = elements[head...].filter { $0.map { !condition($0) } ?? false }
        head = 0
    }
}

extension FirstInFirstOut: Sendable where Element: Sendable {}
