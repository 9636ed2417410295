import RoostTesting
import Testing

@testable import Roost

@Suite struct LeaseTableTests {
    @Test func `leases are found by the numbers they were given, in any order`() {
        var table = LeaseTable<String>()
        #expect(table.last == 0)
        let numbers = ["a", "b", "c"].map { table.append($0) }
        #expect(numbers == [1, 2, 3])
        #expect(table.remove(2) == "b")
        #expect(table.remove(2) == nil && table.remove(0) == nil && table.remove(4) == nil)
        table.update(3) { $0 += "!" }
        table.update(2) { $0 += "!" }
        #expect(table.all().map(\.value) == ["a", "c!"])
        #expect(table.all(after: 1).map(\.number) == [3])
        #expect(table.remove(1) == "a" && table.remove(3) == "c!")
        #expect(table.count == 0 && table.last == 3)
        #expect(table.append("d") == 4)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `it does what a dictionary does`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var table = LeaseTable<Int>()
        var model: [UInt64: Int] = [:]
        // Some settle in order, some from the end, some leave a few for ever.
        let habit = seed % 3
        for step in 0..<6_000 {
            if model.count < 60, Bool.random(using: &random) {
                let number = table.append(step)
                #expect(number == table.last)
                model[number] = step
            } else if let number = choice(from: model, habit, &random) {
                #expect(table.remove(number) == model.removeValue(forKey: number))
            }
            if step % 100 == 0, let number = model.keys.randomElement(using: &random) {
                table.update(number) { $0 += 1 }
                model[number]? += 1
            }
            #expect(table.count == model.count)
        }
        let rest = table.all()
        #expect(rest.map(\.number) == model.keys.sorted())
        #expect(rest.allSatisfy { model[$0.number] == $0.value })
    }

    private func choice(
        from model: [UInt64: Int], _ habit: UInt64, _ random: inout SeededGenerator
    ) -> UInt64? {
        switch habit {
        case 0: model.keys.min()
        case 1: model.keys.randomElement(using: &random)
        default: model.keys.filter { $0 > 5 }.min()
        }
    }

    @Test func `one that is held for ever does not keep the places of all that follow`() throws {
        var table = LeaseTable<Int>()
        let held = table.append(-1)
        for job in 0..<10_000 { #expect(table.remove(table.append(job)) == job) }
        let places = Mirror(reflecting: table).descendant("recent") as? [Int?]
        #expect(try #require(places).count <= 2_048)
        table.update(held) { $0 = -2 }
        #expect(table.all().map(\.value) == [-2])
        #expect(table.remove(held) == -2 && table.count == 0)
    }
}
