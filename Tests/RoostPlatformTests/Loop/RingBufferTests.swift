import RoostPlatform
import Testing

@Suite struct RingBufferTests {
    @Test func `elements leave in the order they came`() {
        var queue = RingBuffer<Int>()
        #expect(queue.isEmpty && queue.first == nil && queue.popFirst() == nil)
        for number in 0..<100 { queue.append(number) }
        #expect(queue.count == 100 && queue.first == 0)
        #expect((0..<100).allSatisfy { queue.popFirst() == $0 })
        #expect(queue.isEmpty && queue.popFirst() == nil)
    }

    @Test func `what is prepended leaves first`() {
        var queue = RingBuffer<Int>()
        for number in 0..<40 { queue.prepend(number) }
        #expect(queue.first == 39)
        #expect(drained(&queue) == Array((0..<40).reversed()))
    }

    @Test func `growing keeps the order wherever the head stands`() {
        for offset in 0..<16 {
            var queue = RingBuffer<Int>()
            for _ in 0..<offset { queue.append(-1) }
            for _ in 0..<offset { _ = queue.popFirst() }
            for number in 0..<17 { queue.append(number) }
            #expect(drained(&queue) == Array(0..<17), "offset \(offset)")
        }
    }

    @Test func `removing keeps the order of the rest and of what is removed`() {
        var queue = RingBuffer<Int>()
        for number in 5..<30 { queue.append(number) }
        for number in 0..<5 { queue.prepend(4 - number) }
        #expect(queue.removeAll { $0 % 3 == 0 } == stride(from: 0, to: 30, by: 3).map { $0 })
        #expect(drained(&queue) == (0..<30).filter { $0 % 3 != 0 })
    }

    @Test func `a popped element is let go at once`() {
        final class Thing {}
        var queue = RingBuffer<Thing>()
        weak var thing: Thing?
        queue.append(
            {
                let made = Thing()
                thing = made
                return made
            }())
        #expect(thing != nil)
        _ = queue.popFirst()
        #expect(thing == nil)
    }

    @Test(arguments: [1, 2, 3]) func `a queue and an array agree over random steps`(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var queue = RingBuffer<Int>()
        var model: [Int] = []
        for step in 0..<10_000 {
            // Phases that grow and shrink, so that the block both wraps and doubles.
            let growing = (step / 500) % 2 == 0
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<(growing ? 5 : 2):
                queue.append(step)
                model.append(step)
            case 5:
                queue.prepend(step)
                model.insert(step, at: 0)
            case 6 where step % 50 == 0:
                let divisor = Int.random(in: 2...9, using: &random)
                #expect(queue.removeAll { $0 % divisor == 0 } == model.filter { $0 % divisor == 0 })
                model.removeAll { $0 % divisor == 0 }
            default:
                #expect(queue.popFirst() == (model.isEmpty ? nil : model.removeFirst()))
            }
            #expect(
                queue.count == model.count && queue.first == model.first && queue.isEmpty == model.isEmpty)
        }
        #expect(drained(&queue) == model)
    }

    private func drained(_ queue: inout RingBuffer<Int>) -> [Int] {
        var all: [Int] = []
        while let next = queue.popFirst() { all.append(next) }
        return all
    }
}
