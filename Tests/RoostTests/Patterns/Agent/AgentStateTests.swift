import Testing

@testable import Roost

@Suite struct AgentStateTests {
    private struct Add: AgentUpdate {
        var amount: Int
        func apply(to numbers: inout [Int]) -> Int {
            numbers.append(amount)
            return numbers.count
        }
    }

    private struct AddAndThrow: AgentUpdate {
        func apply(to numbers: inout [Int]) throws {
            numbers.append(-1)
            throw Broken(why: "after a change")
        }
    }

    @Test func `an update that throws leaves the state as it was, and does not count`() throws {
        var state = AgentState([1])
        #expect(try state.apply(Add(amount: 2)) == 2)
        #expect(throws: Broken.self) { try state.apply(AddAndThrow()) }
        #expect(state.value == [1, 2])
        #expect(state.updates == 1)
    }

    @Test func `an update for another version changes nothing`() throws {
        var state = AgentState([1])
        #expect(try state.apply(Add(amount: 2), ifAfter: 0) == 2)
        let error = #expect(throws: AgentError.self) { try state.apply(Add(amount: 3), ifAfter: 0) }
        #expect(error?.code == .changed)
        #expect(try state.apply(Add(amount: 3), ifAfter: 1) == 3)
        #expect(state.value == [1, 2, 3])
        #expect(state.updates == 2)
    }

    @Test func `a copy is kept where it could be needed only`() {
        #expect(!Add.keepsCopy)
        #expect(AddAndThrow.keepsCopy)
        #expect(!Increment<Int>.keepsCopy)
        #expect(AgentBatch<AddAndThrow>.keepsCopy)
        #expect(AgentBatch<Increment<Int>>.keepsCopy)
        #expect(!AgentBatch<Add>.keepsCopy)
    }

    @Test func `of updates that belong together all are applied or none`() throws {
        var state = AgentState(100 as Int8)
        #expect(throws: AgentError.self) {
            try state.apply(AgentBatch(updates: [Increment(by: 20), Increment(by: 20)]))
        }
        #expect(state.value == 100)
        try state.apply(AgentBatch(updates: [Increment(by: 20), Increment(by: 7)]))
        #expect(state.value == 127)
        #expect(state.updates == 1)
    }

    @Test(arguments: [Int8.min, -1, 0, 1, 2, Int8.max], [Int8.min, -1, 0, 1, 2, Int8.max])
    func `a sum or difference is right or an error`(a: Int8, b: Int8) throws {
        var sum = AgentState(a)
        if let expected = Int8(exactly: Int(a) + Int(b)) {
            #expect(try sum.apply(Increment(by: b)) == expected)
        } else {
            let error = #expect(throws: AgentError.self) { try sum.apply(Increment(by: b)) }
            #expect(error?.code == .overflow)
            #expect(sum.value == a)
        }
        var difference = AgentState(a)
        if let expected = Int8(exactly: Int(a) - Int(b)) {
            #expect(try difference.apply(Subtraction(amount: b)) == expected)
        } else {
            #expect(throws: AgentError.self) { try difference.apply(Subtraction(amount: b)) }
            #expect(difference.value == a)
        }
    }
}

@Suite struct AgentCursorTests {
    private func cursor(onlyDistinct: Bool) -> AgentCursor<Int> {
        AgentCursor(onlyDistinct: onlyDistinct, isSame: ==)
    }

    @Test func `what there is comes first, and then what was changed since`() {
        var cursor = cursor(onlyDistinct: false)
        cursor.asked(after: nil)
        #expect(cursor.gives(7, after: 3) == true)
        cursor.asked(after: 3)
        #expect(cursor.gives(7, after: 3) == false)
        #expect(cursor.gives(7, after: 4) == true)
        cursor.asked(after: 4)
        #expect(cursor.gives(9, after: 50) == true)
    }

    @Test func `where only what differs counts, the same again is passed over`() {
        var cursor = cursor(onlyDistinct: true)
        cursor.asked(after: nil)
        #expect(cursor.gives(7, after: 0) == true)
        cursor.asked(after: 0)
        #expect(cursor.gives(7, after: 1) == false)
        #expect(cursor.gives(7, after: 2) == false)
        #expect(cursor.gives(8, after: 3) == true)
        cursor.asked(after: 3)
        #expect(cursor.gives(7, after: 4) == true)
    }

    @Test(arguments: [true, false])
    func `what was lost on the way is given again`(onlyDistinct: Bool) {
        var cursor = cursor(onlyDistinct: onlyDistinct)
        cursor.asked(after: nil)
        #expect(cursor.gives(7, after: 0) == true)
        // The answer did not come: it asks as before.
        cursor.asked(after: nil)
        #expect(cursor.gives(7, after: 0) == true)
        cursor.asked(after: 0)
        #expect(cursor.gives(8, after: 1) == true)
        cursor.asked(after: 0)
        #expect(cursor.gives(8, after: 1) == true)
    }

    /// A reader that loses any of the answers still ends with the last value, and sees no value twice in a row.
    @Test(arguments: 0..<64)
    func `in every order of changes, questions and losses the last value is given`(choices: Int) {
        for onlyDistinct in [true, false] {
            var cursor = cursor(onlyDistinct: onlyDistinct)
            var (value, updates) = (0, 0)
            var seen: (value: Int, updates: Int)?
            func ask(isLost: Bool) {
                cursor.asked(after: seen?.updates)
                let gives = cursor.gives(value, after: updates)
                if gives && !isLost {
                    if onlyDistinct && !isLost, let seen, !lostOne { #expect(seen.value != value) }
                    seen = (value, updates)
                    lostOne = false
                }
                if gives && isLost { lostOne = true }
            }
            var lostOne = false
            for bit in 0..<6 {
                updates += 1
                if choices >> bit & 1 == 0 { value += 1 }
                ask(isLost: (choices * 7) >> bit & 1 == 1)
            }
            ask(isLost: false)
            #expect(seen?.value == value)
        }
    }
}
