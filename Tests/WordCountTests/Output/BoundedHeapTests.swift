import Testing

@testable import WordCount

@Suite struct BoundedHeapTests {
    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func `the first of the order are kept, whatever order they come in`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let numbers = (0..<100).map { _ in Int.random(in: 0..<60, using: &random) }
        let capacity = Int.random(in: 1...120, using: &random)
        var heap = BoundedHeap<Int>(capacity: capacity, by: >)
        for number in numbers { heap.offer(number) }
        let expected = Array(numbers.sorted(by: >).prefix(capacity))
        #expect(heap.threshold == (capacity <= 100 ? expected.last : nil))
        #expect(heap.sorted() == expected)
    }
}
