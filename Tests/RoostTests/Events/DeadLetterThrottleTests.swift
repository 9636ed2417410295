import RoostWire
import Testing

@testable import Roost
@testable import RoostTesting

@Suite struct DeadLetterThrottleTests {
    private func letter(_ receiver: String = "a", _ reason: String = "lost", count: UInt64 = 1)
        -> DeadLetterRecord
    {
        DeadLetterRecord(
            process: 1, actor: nil, receiver: receiver, target: "t()", reason: reason, detail: "d",
            count: count)
    }

    /// A throttle that tells nothing more at once.
    private func flooded() -> DeadLetterThrottle {
        var throttle = DeadLetterThrottle()
        for _ in 0..<DeadLetterThrottle.toldAtOnce { _ = throttle.lost(letter()) }
        return throttle
    }

    @Test func `the first of an interval are told one by one`() {
        var throttle = DeadLetterThrottle()
        #expect(throttle.lost(letter()) == .tell(beginsInterval: true))
        for _ in 1..<DeadLetterThrottle.toldAtOnce {
            #expect(throttle.lost(letter()) == .tell(beginsInterval: false))
        }
        #expect(throttle.lost(letter()) == .gathered)
    }

    @Test func `the others are added up and told together, and no interval follows a quiet one`() {
        var throttle = flooded()
        for _ in 1...1_000 { #expect(throttle.lost(letter("a")) == .gathered) }
        #expect(throttle.lost(letter("b", count: 7)) == .gathered)
        let first = throttle.intervalEnded(canTell: true)
        #expect(first.letters == [letter("a", count: 1_000), letter("b", count: 7)] && first.beginsAnother)
        #expect(throttle.lost(letter()) == .tell(beginsInterval: false))
        let second = throttle.intervalEnded(canTell: true)
        #expect(second.letters == [] && !second.beginsAnother)
        #expect(throttle.lost(letter()) == .tell(beginsInterval: true))
    }

    @Test func `while nobody can be told, letters are only added up`() {
        var throttle = flooded()
        _ = throttle.lost(letter())
        for _ in 1...3 {
            let ended = throttle.intervalEnded(canTell: false)
            #expect(ended.letters == [] && ended.beginsAnother)
            #expect(throttle.lost(letter()) == .gathered)
        }
        #expect(throttle.intervalEnded(canTell: true).letters == [letter(count: 4)])
    }

    @Test func `what is kept is bounded, and the reasons stay`() {
        var throttle = flooded()
        for number in 0..<100_000 {
            _ = throttle.lost(letter("actor \(number)", number.isMultiple(of: 2) ? "lost" : "threw"))
        }
        let letters = throttle.intervalEnded(canTell: true).letters
        #expect(letters.count == DeadLetterThrottle.maximumKinds + 2)
        #expect(letters.map(\.count).reduce(0, +) == 100_000)
        #expect(letters.suffix(2).allSatisfy { $0.receiver == "" && $0.target == "" })
        #expect(letters.filter { $0.reason == "lost" }.map(\.count).reduce(0, +) == 50_000)
    }

    @Test func `in any order of events every message is told once`() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<200 {
            var throttle = DeadLetterThrottle()
            var (lost, told): (UInt64, UInt64) = (0, 0)
            for _ in 0..<500 {
                switch Int.random(in: 0..<20, using: &random) {
                case 0: told += throttle.intervalEnded(canTell: .random(using: &random)).letters.total
                case 1: told += throttle.takeGathered().total
                default:
                    let letter = letter(
                        "\(Int.random(in: 0..<99, using: &random))", count: .random(in: 1...3, using: &random)
                    )
                    lost += letter.count
                    if throttle.lost(letter) != .gathered { told += letter.count }
                }
            }
            told += throttle.intervalEnded(canTell: true).letters.total
            #expect(told == lost)
        }
    }

    @Test func `a count does not run over`() {
        var throttle = flooded()
        for _ in 1...2 { _ = throttle.lost(letter(count: .max)) }
        #expect(throttle.takeGathered().map(\.count) == [.max])
    }
}

extension [DeadLetterRecord] {
    fileprivate var total: UInt64 { map(\.count).reduce(0, +) }
}
