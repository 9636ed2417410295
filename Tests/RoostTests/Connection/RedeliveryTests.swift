import RoostTesting
import Testing

@testable import Roost

@Suite struct RedeliveryTests {
    private func numbers(_ loss: Redelivery<Int>.Loss) -> [Int] { loss.again.map(\.message) }

    @Test func `what is not finished is given to the next incarnation in order, marked`() {
        var redelivery = Redelivery<Int>(attempts: 3)
        for number in 1...4 { redelivery.sent(UInt64(number), number) }
        redelivery.finished(2)
        let loss = redelivery.lost(unwritten: [4])
        #expect(numbers(loss) == [1, 3, 4] && loss.poison.isEmpty)
        #expect(loss.again.map(\.isRedelivered) == [true, true, false])
    }

    @Test(arguments: 2...5)
    func `a message that is served at every death is poison after so many attempts`(attempts: Int) {
        var redelivery = Redelivery<Int>(attempts: attempts)
        redelivery.sent(1, 1)
        redelivery.sent(2, 2)
        for _ in 1..<attempts {
            #expect(numbers(redelivery.lost(unwritten: [])) == [1, 2])
            redelivery.sent(1, 1)
            redelivery.sent(2, 2)
            redelivery.began(1)
        }
        let loss = redelivery.lost(unwritten: [])
        #expect(loss.poison == [1] && numbers(loss) == [2])
    }

    @Test func `a message that waits is never poison, however often others kill`() {
        var redelivery = Redelivery<Int>(attempts: 2)
        for _ in 1...100 {
            redelivery.sent(7, 7)
            #expect(redelivery.lost(unwritten: []).poison.isEmpty)
        }
        redelivery.finished(7)
        #expect(redelivery.isEmpty)
    }

    @Test func `fewer than two attempts are two`() {
        #expect(Redelivery<Int>(attempts: 0).attempts == 2)
        #expect(DeliveryPolicy.atLeastOnce(attempts: 1).attempts == 2)
        #expect(DeliveryPolicy.atMostOnce.attempts == 0)
    }

    // A world of one sender and mortal incarnations, which serve in order and tell of redelivered messages.
    @Test
    func `in random lives nothing is lost, and only what was served when the last of them died is poison`() {
        for seed in 0..<2_000 as Range<UInt64> {
            var world = MortalWorld(seed: seed)
            world.live()
            #expect(world.problems.isEmpty, "seed \(seed): \(world.problems)")
        }
    }
}

/// A sender and the incarnations of its receiver, some of whose messages kill them always.
private struct MortalWorld {
    private struct Delivered {
        var number: Int
        var isRedelivered: Bool
    }

    private var random: SeededGenerator
    private let attempts: Int
    private let killers: Set<Int>
    private var redelivery: Redelivery<Int>
    private var unsent: [Int]
    private var waiting: [Delivered] = []
    private var unacknowledged: [Int] = []
    private var begun: [Int: Int] = [:]
    private var served: [Int] = []
    private var poison: [Int] = []
    private let count: Int
    private(set) var problems: [String] = []

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        attempts = Int.random(in: 2...4, using: &random)
        count = Int.random(in: 1...12, using: &random)
        killers = Set((1...count).filter { _ in Int.random(in: 0..<6, using: &random) == 0 })
        redelivery = Redelivery(attempts: attempts)
        unsent = Array(1...count)
        self.random = random
    }

    mutating func live() {
        for _ in 0..<10_000 where !(unsent.isEmpty && redelivery.isEmpty) {
            switch Int.random(in: 0..<12, using: &random) {
            case 0...4: send()
            case 5...9: serve()
            case 10: acknowledge()
            default: die()
            }
        }
        if !(unsent.isEmpty && redelivery.isEmpty) { problems.append("it does not end") }
        for number in 1...count {
            let isPoison = poison.contains(number)
            if !isPoison && !served.contains(number) { problems.append("\(number) was lost") }
            if isPoison && killers.isEmpty && begun[number, default: 0] < 1 {
                problems.append("\(number) is poison and was never served")
            }
            if begun[number, default: 0] > 0, killers.contains(number), !isPoison {
                problems.append("\(number) killed and is no poison")
            }
            if killers.contains(number), begun[number, default: 0] > attempts {
                problems.append("\(number) was given to \(begun[number, default: 0]) incarnations")
            }
        }
    }

    private mutating func send() {
        guard !unsent.isEmpty else { return }
        let number = unsent.removeFirst()
        redelivery.sent(UInt64(number), number)
        waiting.append(Delivered(number: number, isRedelivered: false))
    }

    private mutating func serve() {
        guard !waiting.isEmpty else { return }
        let message = waiting.removeFirst()
        begun[message.number, default: 0] += 1
        if message.isRedelivered { redelivery.began(UInt64(message.number)) }
        // It may die of other causes just now.
        if killers.contains(message.number) || Int.random(in: 0..<20, using: &random) == 0 { return die() }
        served.append(message.number)
        unacknowledged.append(message.number)
        if message.isRedelivered { acknowledge() }
    }

    private mutating func acknowledge() {
        for number in unacknowledged { redelivery.finished(UInt64(number)) }
        unacknowledged = []
    }

    private mutating func die() {
        waiting = []
        unacknowledged = []
        let loss = redelivery.lost(unwritten: [])
        let numbers = loss.again.map(\.message)
        if numbers != numbers.sorted() { problems.append("out of order: \(numbers)") }
        poison += loss.poison
        for (number, isRedelivered) in loss.again {
            redelivery.sent(UInt64(number), number)
            waiting.append(Delivered(number: number, isRedelivered: isRedelivered))
        }
    }
}
