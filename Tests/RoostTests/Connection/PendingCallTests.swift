import RoostTesting
import RoostWire
import Testing

@testable import Roost

@Suite(.timeLimit(.minutes(1))) struct PendingCallTests {
    /// A text that tells outcomes apart.
    private func text(_ outcome: CallOutcome) -> String {
        switch outcome {
        case .replied(let status, let payload): "replied \(status) \(payload.count)"
        case .failed(let code, let reason, let detail):
            "failed \(code) \(reason?.description ?? "-") \(detail)"
        case .deadlocked(let path): "deadlocked \(path)"
        case .cancelled: "cancelled"
        }
    }

    private let answer = CallOutcome.failed(.interrupted, .crashed(signal: 9), "while testing")
    private let answerText = "failed interrupted crashed with SIGKILL while testing"

    @Test func `an outcome that came before the wait is there at once`() async {
        let call = PendingCall()
        #expect(!call.isFinished)
        #expect(call.finish(answer))
        #expect(call.isFinished)
        #expect(text(await call.outcome()) == answerText)
    }

    @Test func `an outcome that comes during the wait ends it`() async {
        for _ in 0..<200 {
            let call = PendingCall()
            async let outcome = call.outcome()
            await Task.yield()
            #expect(call.finish(answer))
            #expect(text(await outcome) == answerText)
        }
    }

    @Test func `the first outcome stays, and the others are told that they came late`() async {
        let call = PendingCall()
        #expect(call.finish(.replied(.void, .empty)))
        #expect(!call.finish(answer))
        #expect(!call.finish(.cancelled))
        call.abandon(.cancelled)
        #expect(text(await call.outcome()) == "replied void 0")
    }

    @Test func `of many who finish a call at once, one is first and the caller gets its outcome`() async {
        for _ in 0..<100 {
            let call = PendingCall()
            async let outcome = call.outcome()
            let winners = await withTaskGroup(of: Int?.self) { group in
                for number in 0..<4 {
                    group.addTask { call.finish(.failed(.interrupted, nil, "\(number)")) ? number : nil }
                }
                return await group.reduce(into: [Int]()) { winners, number in
                    if let number { winners.append(number) }
                }
            }
            #expect(winners.count == 1)
            #expect(text(await outcome) == "failed interrupted - \(winners.first ?? -1)")
        }
    }

    @Test func `giving up a call that has not left ends it with that`() async {
        let call = PendingCall()
        call.abandon(.failed(.deadlineExceeded, nil, ""))
        #expect(!call.finish(answer))
        #expect(text(await call.outcome()) == "failed deadlineExceeded - ")
    }
}

@Suite struct PendingTableTests {
    @Test func `a call is found by its number, once`() {
        var table = PendingTable()
        let (first, second) = (PendingCall(), PendingCall())
        let (a, b) = (table.insert(first), table.insert(second))
        #expect(a != b && table.count == 2)
        #expect(table.remove(b) === second)
        #expect(table.remove(b) == nil)
        #expect(table.remove(a) === first)
        #expect(table.count == 0)
    }

    @Test func `a number never given out finds nothing`() {
        var table = PendingTable()
        #expect(table.remove(0) == nil && table.remove(1) == nil && table.remove(.max) == nil)
        let number = table.insert(PendingCall())
        for other: UInt32 in [0, number + 1, number + 1 << 20, number | 0xFFF0_0000, .max] {
            #expect(table.remove(other) == nil)
        }
        #expect(table.count == 1)
    }

    @Test func `numbers go up, also over calls that have ended`() {
        var table = PendingTable()
        var last = table.insert(PendingCall())
        _ = table.remove(last)
        for _ in 0..<1_000 {
            let number = table.insert(PendingCall())
            #expect(number > last)
            if number % 3 != 0 { _ = table.remove(number) }
            last = number
        }
    }

    @Test func `the number of a call given up does not find the next`() {
        var table = PendingTable()
        var numbers: Set<UInt32> = []
        for _ in 0..<10_000 {
            let call = PendingCall()
            let number = table.insert(call)
            #expect(numbers.insert(number).inserted)
            #expect(table.remove(number) === call)
        }
        let last = PendingCall()
        let number = table.insert(last)
        for stale in numbers { #expect(table.remove(stale) == nil) }
        #expect(table.remove(number) === last)
    }

    @Test func `the number of a call that stays open is not given out again, however many come after`() {
        var table = PendingTable()
        let other = PendingCall()
        let call = PendingCall()
        let kept = table.insert(other)
        var times = 0
        for _ in 0..<100_000 {
            let number = table.insert(call)
            if number == kept || table.remove(number) !== call { times += 1 }
        }
        #expect(times == 0)
        #expect(table.remove(kept) === other)
    }

    @Test func `a number given up early is not a later call's`() {
        // A call to a slow actor is given up; its answer comes after very many calls to a quick one in the
        // same process, one after the other.
        var table = PendingTable()
        let slow = table.insert(PendingCall())
        _ = table.remove(slow)
        let quick = PendingCall()
        var times = 0
        for _ in 0...1 << 20 {
            let number = table.insert(quick)
            if table.remove(slow) != nil { times += 1 }
            if table.remove(number) !== quick { times += 1 }
        }
        #expect(times == 0)
        #expect(table.count == 0)
    }

    @Test func `more than a million calls at once are told apart`() {
        var table = PendingTable()
        let many = PendingCall()
        var numbers: [UInt32] = []
        for _ in 0...1 << 20 { numbers.append(table.insert(many)) }
        let one = PendingCall()
        let number = table.insert(one)
        #expect(table.count == (1 << 20) + 2)
        #expect(table.remove(number) === one)
        #expect(table.remove(number) == nil)
        var times = 0
        for number in numbers where table.remove(number) !== many { times += 1 }
        #expect(times == 0 && table.count == 0)
    }

    @Test func `all calls leave at once when the connection ends`() {
        var table = PendingTable()
        let calls = (0..<10).map { _ in PendingCall() }
        let numbers = calls.map { table.insert($0) }
        _ = table.remove(numbers[3])
        let left = table.removeAll()
        // In the order they were made.
        let expected = calls.enumerated().filter { $0.offset != 3 }.map { ObjectIdentifier($0.element) }
        #expect(left.map { ObjectIdentifier($0) } == expected)
        #expect(table.count == 0 && table.removeAll().isEmpty)
        #expect(numbers.allSatisfy { table.remove($0) == nil })
        // Those that come after have numbers of their own.
        let late = table.insert(PendingCall())
        #expect(!numbers.contains(late))
        #expect(numbers.allSatisfy { table.remove($0) == nil } && table.count == 1)
    }

    @Test(arguments: [1, 2, 3]) func `the table and a dictionary agree over random steps`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var table = PendingTable()
        var open: [UInt32: PendingCall] = [:]
        var stale: [UInt32] = []
        var last: UInt32 = 0
        for _ in 0..<10_000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let call = PendingCall()
                let number = table.insert(call)
                #expect(number > last, "number \(number) is given out twice")
                last = number
                open[number] = call
            case 5..<9:
                guard let number = open.keys.sorted().randomElement(using: &random) else { continue }
                #expect(table.remove(number) === open.removeValue(forKey: number))
                stale.append(number)
                if stale.count > 200 { stale.removeFirst(100) }
            default:
                for number in stale { #expect(table.remove(number) == nil) }
            }
            // Kept small, so that looking for a random one stays quick.
            if open.count > 60 {
                let left = table.removeAll()
                #expect(left.count == open.count)
                stale += open.keys
                open = [:]
            }
            #expect(table.count == open.count)
        }
    }
}
