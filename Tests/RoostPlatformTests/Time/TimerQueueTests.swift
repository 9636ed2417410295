import RoostPlatform
import Testing

@Suite struct TimerQueueTests {
    @Test func `an empty queue has nothing due and no deadline`() {
        var queue = TimerQueue<Int>()
        #expect(queue.isEmpty && queue.count == 0 && queue.nextDeadline == nil)
        #expect(queue.popDue(at: .distantFuture) == nil)
    }

    @Test func `timers come up at their deadline and not a nanosecond before`() {
        var queue = TimerQueue<String>()
        _ = queue.insert("a", at: Monotonic(nanoseconds: 10))
        #expect(queue.popDue(at: Monotonic(nanoseconds: 9)) == nil)
        #expect(queue.popDue(at: Monotonic(nanoseconds: 10)) == "a")
        #expect(queue.popDue(at: Monotonic(nanoseconds: 10)) == nil)
    }

    @Test func `timers come up earliest first, and ties in the order of insertion`() {
        var queue = TimerQueue<String>()
        for (name, deadline) in [("c", 3), ("a1", 1), ("b", 2), ("a2", 1), ("a3", 1)] as [(String, UInt64)] {
            _ = queue.insert(name, at: Monotonic(nanoseconds: deadline))
        }
        #expect(queue.nextDeadline == Monotonic(nanoseconds: 1))
        #expect(drained(&queue) == ["a1", "a2", "a3", "b", "c"])
    }

    @Test func `a cancelled timer never comes up and gives its element back once`() {
        var queue = TimerQueue<String>()
        let first = queue.insert("first", at: Monotonic(nanoseconds: 1))
        _ = queue.insert("second", at: Monotonic(nanoseconds: 2))
        #expect(queue.cancel(first) == "first")
        #expect(queue.cancel(first) == nil)
        #expect(queue.count == 1 && queue.nextDeadline == Monotonic(nanoseconds: 2))
        #expect(drained(&queue) == ["second"])
    }

    @Test func `cancelling a timer that has fired does nothing, also to those set later`() {
        var queue = TimerQueue<String>()
        let fired = queue.insert("fired", at: Monotonic(nanoseconds: 1))
        #expect(queue.popDue(at: Monotonic(nanoseconds: 1)) == "fired")
        _ = queue.insert("later", at: Monotonic(nanoseconds: 1))
        #expect(queue.cancel(fired) == nil)
        #expect(drained(&queue) == ["later"])
    }

    @Test func `a cancelled timer lets its element go at once`() {
        final class Thing {}
        var queue = TimerQueue<Thing>()
        weak var thing: Thing?
        let token = queue.insert(
            {
                let made = Thing()
                thing = made
                return made
            }(), at: .distantFuture)
        #expect(thing != nil)
        queue.cancel(token)
        #expect(thing == nil)
    }

    @Test func `long timeouts that are always cancelled cost no memory`() {
        var queue = TimerQueue<Int>()
        let lasting = (0..<10).map { queue.insert($0, at: Monotonic(nanoseconds: 1_000_000 + UInt64($0))) }
        for number in 0..<20_000 {
            let token = queue.insert(number, at: Monotonic(nanoseconds: 2_000_000 + UInt64(number)))
            queue.cancel(token)
            if number % 100 == 0 { #expect(heapCount(queue) <= 65) }
        }
        #expect(queue.count == lasting.count)
        #expect(drained(&queue) == Array(0..<10))
    }

    @Test func `the heap is at most twice what lives in it, when that is much`() {
        var queue = TimerQueue<Int>()
        var tokens = (0..<5_000).map {
            queue.insert($0, at: Monotonic(nanoseconds: UInt64($0 * 7_919 % 5_000)))
        }
        var random = SplitMix64(seed: 11)
        tokens.shuffle(using: &random)
        while let token = tokens.popLast() {
            queue.cancel(token)
            if tokens.count % 50 == 0 { #expect(heapCount(queue) <= max(64, 2 * queue.count + 1)) }
        }
        #expect(queue.isEmpty)
    }

    @Test(arguments: [1, 2, 3, 4]) func `the queue and a sorted list agree over random steps`(_ seed: UInt64)
    {
        var random = SplitMix64(seed: seed)
        var queue = TimerQueue<Int>()
        var model: [(deadline: UInt64, element: Int)] = []
        var tokens: [(token: TimerQueue<Int>.Token, element: Int)] = []
        var now: UInt64 = 0
        // Few different deadlines give ties; many give a real heap.
        let spread: UInt64 = seed % 2 == 0 ? 20 : 10_000
        for step in 0..<10_000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let deadline = now + UInt64.random(in: 0..<spread, using: &random)
                tokens.append((queue.insert(step, at: Monotonic(nanoseconds: deadline)), step))
                let place = model.firstIndex { $0.deadline > deadline } ?? model.count
                model.insert((deadline, step), at: place)
            case 5..<8:
                guard let picked = tokens.randomElement(using: &random) else { continue }
                let place = model.firstIndex { $0.element == picked.element }
                #expect(queue.cancel(picked.token) == place.map { model.remove(at: $0).element })
            default:
                now += UInt64.random(in: 0..<(spread / 4), using: &random)
                while let first = model.first, first.deadline <= now {
                    #expect(queue.popDue(at: Monotonic(nanoseconds: now)) == first.element)
                    model.removeFirst()
                }
                #expect(queue.popDue(at: Monotonic(nanoseconds: now)) == nil)
            }
            if tokens.count > 200 { tokens.removeFirst(100) }
            #expect(queue.count == model.count && queue.isEmpty == model.isEmpty)
            if step % 3 == 0 { #expect(queue.nextDeadline?.nanoseconds == model.first?.deadline) }
        }
        #expect(drained(&queue) == model.map(\.element))
    }

    private func drained<Element>(_ queue: inout TimerQueue<Element>) -> [Element] {
        var all: [Element] = []
        while let next = queue.popDue(at: .distantFuture) { all.append(next) }
        return all
    }

    /// The entries in the heap, cancelled ones included.
    private func heapCount<Element>(_ queue: TimerQueue<Element>) -> Int {
        let heap = Mirror(reflecting: queue).children.first { $0.label == "heap" }
        return heap.map { Mirror(reflecting: $0.value).children.count } ?? .max
    }
}
