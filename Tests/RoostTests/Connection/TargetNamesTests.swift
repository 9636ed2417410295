import RoostTesting
import Testing

@testable import Roost

@Suite struct TargetNamesTests {
    /// The same characters on the heap, at another address each time.
    private func heapCopy(_ text: String) -> String { String(decoding: Array(text.utf8), as: UTF8.self) }

    @Test func `a name has one number, as a literal and as a string on the heap`() {
        let names = TargetNames()
        let literal = "$s5Roost12SomeActorC6methodyyYaKFTE"
        let number = names.number(of: literal)
        #expect(names.number(of: heapCopy(literal)) == number)
        #expect(names.number(of: "$s5Roost12SomeActorC6methodyyYaKFTE") == number)
        #expect(names.number(of: literal) == number)
        #expect(names.name(of: number) == literal)
    }

    @Test func `a name met on the heap first has the same number as its literal`() {
        let names = TargetNames()
        let number = names.number(of: heapCopy("a name that is too long for two words"))
        #expect(names.number(of: "a name that is too long for two words") == number)
        #expect(names.number(of: heapCopy("a name that is too long for two words")) == number)
    }

    @Test func `short names, which lie in the string itself, have one number too`() {
        let names = TargetNames()
        for name in ["", "a", "fifteen letters", "größe", "日本"] {
            let number = names.number(of: name)
            #expect(names.number(of: heapCopy(name)) == number)
            #expect(names.name(of: number) == name)
        }
    }

    @Test func `different names have different numbers, in the order of their coming`() {
        let names = TargetNames()
        let all = [
            "first long name of a method", "first long name of a methoe", "a", "b", "",
            heapCopy("second long name of a method"), "first long name of a method, continued",
        ]
        #expect(all.map { names.number(of: $0) } == Array(0..<7))
        #expect(all.map { names.number(of: $0) } == Array(0..<7))
        #expect((0..<7).map { names.name(of: $0) } == all)
    }

    @Test func `the table grows, and what was in it keeps its numbers`() {
        let names = TargetNames()
        let literal = "a literal that was there from the beginning"
        #expect(names.number(of: literal) == 0)
        // Short names take places in the table, as literals do.
        for number in 1...3_000 { #expect(names.number(of: "name \(number)") == number) }
        for number in 1...3_000 {
            #expect(names.number(of: "name \(number)") == number)
            #expect(names.name(of: UInt16(number)) == "name \(number)")
        }
        #expect(names.number(of: literal) == 0)
    }

    @Test func `names on the heap that come and go at the same address are told apart`() {
        let names = TargetNames()
        for round in 0..<2 {
            for number in 0..<1_000 {
                let name = heapCopy("a name on the heap with the number \(1_000 + number)")
                #expect(names.number(of: name) == number, "round \(round)")
            }
        }
    }

    @Test func `threads that ask for the same names get the same numbers`() async {
        let names = TargetNames()
        let answers = await withTaskGroup(of: [String: UInt16].self) { group in
            for seed: UInt64 in 0..<4 {
                group.addTask {
                    var random = SeededGenerator(seed: seed)
                    var answer: [String: UInt16] = [:]
                    for _ in 0..<2_000 {
                        let number = Int.random(in: 0..<500, using: &random)
                        let name = number % 2 == 0 ? "n\(number)" : "a long name with the number \(number)"
                        let given = names.number(of: name)
                        #expect(answer.updateValue(given, forKey: name) ?? given == given)
                    }
                    return answer
                }
            }
            return await group.reduce(into: [[String: UInt16]]()) { $0.append($1) }
        }
        for answer in answers {
            for (name, number) in answer { #expect(names.name(of: number) == name) }
        }
    }
}
