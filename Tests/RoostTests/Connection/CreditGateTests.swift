import RoostTesting
import Testing

@testable import Roost

@Suite struct CreditGateTests {
    private func gate(_ messages: Int, _ bytes: Int = 1_000) -> CreditGate<String> {
        CreditGate(first: CreditShare(messages: messages, bytes: bytes))
    }

    @Test func `those who wait are admitted in order, and newcomers do not overtake them`() {
        var gate = gate(10, 100)
        _ = gate.connected()
        gate.take(90)
        #expect(gate.wait("large", size: 50, isImpatient: false) == true)
        #expect(!gate.admits(1))
        #expect(gate.wait("small", size: 1, isImpatient: false) == false)
        #expect(gate.returned(messages: 1, bytes: 90).admitted == ["large", "small"])
        #expect(gate.admits(49))
    }

    @Test func `a question is asked once, and again after each return that was not enough`() {
        var gate = gate(1)
        #expect(gate.wait("a", size: 1, isImpatient: false) == false)
        #expect(gate.connected() == true)
        #expect(gate.returned(messages: 0, bytes: 0).admitted == ["a"])
        #expect(gate.wait("b", size: 1, isImpatient: false) == true)
        #expect(gate.wait("c", size: 1, isImpatient: false) == false)
        let outcome = gate.returned(messages: 1, bytes: 1)
        #expect(outcome.admitted == ["b"] && outcome.asks)
    }

    @Test func `who does not want to wait is refused when the mailbox has answered, and no earlier`() {
        var gate = gate(1)
        _ = gate.connected()
        gate.take(1)
        _ = gate.wait("patient", size: 1, isImpatient: false)
        _ = gate.wait("impatient", size: 1, isImpatient: true)
        _ = gate.wait("too", size: 1, isImpatient: true)
        #expect(gate.returned(messages: 0, bytes: 0).refused == [])
        let outcome = gate.limited(to: CreditShare(messages: 3, bytes: 1_000), isLowered: false)
        #expect(outcome.admitted == ["patient", "impatient"])
        #expect(outcome.refused == ["too"])
    }

    @Test func `once the mailbox has said that it is full, nobody needs to ask until that has changed`() {
        var gate = CreditGate<Int>(first: CreditShare(messages: 1, bytes: 100))
        _ = gate.connected()
        gate.take(1)
        #expect(!gate.refuses(1))
        #expect(gate.wait(1, size: 1, isImpatient: true) == true)
        #expect(gate.limited(to: CreditShare(messages: 1, bytes: 100), isLowered: false).refused == [1])
        #expect(gate.refuses(1))
        #expect(gate.returned(messages: 1, bytes: 1).admitted.isEmpty)
        #expect(!gate.refuses(1) && gate.admits(1))
        gate.take(1)
        // Whoever comes now asks again.
        #expect(gate.wait(2, size: 1, isImpatient: true) == true)
        #expect(gate.limited(to: CreditShare(messages: 2, bytes: 100), isLowered: false).admitted == [2])
        #expect(gate.wait(3, size: 1, isImpatient: true) == true)
        #expect(gate.limited(to: CreditShare(messages: 2, bytes: 100), isLowered: false).refused == [3])
        #expect(gate.refuses(1))
    }

    @Test func `a lowered limit is confirmed when no more than it is under way`() {
        var gate = gate(1)
        _ = gate.limited(to: CreditShare(messages: 4, bytes: 1_000), isLowered: false)
        for _ in 0..<4 { gate.take(1) }
        #expect(gate.limited(to: CreditShare(messages: 3, bytes: 1_000), isLowered: true).confirmed == nil)
        #expect(gate.limited(to: CreditShare(messages: 2, bytes: 1_000), isLowered: true).confirmed == nil)
        #expect(gate.returned(messages: 1, bytes: 1).confirmed == nil)
        #expect(gate.returned(messages: 1, bytes: 1).confirmed == .init(count: 2, givesBack: false))
        #expect(gate.returned(messages: 1, bytes: 1).confirmed == nil)
    }

    @Test func `with nothing under way the share is given back`() {
        var gate = gate(1)
        _ = gate.limited(to: CreditShare(messages: 4, bytes: 1_000), isLowered: false)
        let outcome = gate.limited(to: CreditShare(messages: 3, bytes: 1_000), isLowered: true)
        #expect(outcome.confirmed == .init(count: 1, givesBack: true))
        gate.take(1)
        #expect(!gate.admits(1))
    }

    @Test func `with the receiver everything under way is lost, and what was not keeps its room`() {
        var gate = gate(2)
        _ = gate.connected()
        gate.take(1)
        gate.take(1)
        _ = gate.wait("a", size: 1, isImpatient: false)
        _ = gate.wait("b", size: 1, isImpatient: false)
        let outcome = gate.lost(keeping: [1])
        #expect(outcome.admitted == ["a"])
        #expect(!outcome.asks)
        #expect(gate.connected() == true)
    }

    @Test func `when there is no receiver any more nobody waits`() {
        var gate = gate(1)
        gate.take(1)
        _ = gate.wait("a", size: 1, isImpatient: false)
        #expect(gate.opened() == ["a"])
        for _ in 0..<5_000 {
            #expect(gate.admits(1 << 20))
            gate.take(1 << 20)
        }
    }

    @Test func `who has given up makes room for those behind him`() {
        var gate = gate(10, 100)
        gate.take(90)
        _ = gate.wait("large", size: 50, isImpatient: false)
        _ = gate.wait("small", size: 5, isImpatient: false)
        let (removed, outcome) = gate.remove { $0 == "large" }
        #expect(removed == ["large"])
        #expect(outcome.admitted == ["small"])
    }

    // MARK: Gates, pool and returns together

    @Test(arguments: [
        (1, 1, 1, 100), (2, 3, 8, 100), (3, 4, 64, 1_000), (4, 10, 320, 3_200), (5, 2, 1_024, 8 << 20),
        (6, 20, 4, 50),
    ])
    func `the mailbox is bounded, nothing is lost and nobody waits for ever`(
        _ seed: UInt64, _ senders: Int, _ messages: Int, _ bytes: Int
    ) {
        var random = SeededGenerator(seed: seed)
        var net = CreditNet(senders: senders, room: CreditShare(messages: messages, bytes: bytes))
        for _ in 0..<20_000 {
            let sender = Int.random(in: 0..<senders, using: &random)
            net.step(sender, Int.random(in: 0..<6, using: &random)) {
                // Now and then a message larger than the whole mailbox.
                Int.random(in: 0..<50, using: &random) == 0
                    ? bytes * 2 + 1 : Int.random(in: 1...20, using: &random)
            }
            net.check()
        }
        net.settle()
    }

    @Test func `senders that all have much to send have equal shares in the end`() {
        var random = SeededGenerator(seed: 9)
        var net = CreditNet(senders: 10, room: CreditShare(messages: 1_024, bytes: 1 << 20))
        for sender in 0..<10 {
            // The first is greedy: it begins first, and tries ten times as often.
            for _ in 0..<(sender == 0 ? 20_000 : 2_000) { net.step(sender, 0) { 10 } }
        }
        for _ in 0..<200_000 {
            net.step(Int.random(in: 0..<10, using: &random), Int.random(in: 0..<6, using: &random)) { 10 }
        }
        let served = net.served.map(Double.init)
        let mean = served.reduce(0, +) / 10
        #expect(served.allSatisfy { abs($0 - mean) <= mean * 0.2 }, "\(served)")
    }
}
