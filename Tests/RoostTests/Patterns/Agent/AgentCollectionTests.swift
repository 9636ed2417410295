import Distributed
import RoostTesting
import Testing

@testable import Roost

extension PatternTests {
    /// The row `Array`, and the lists and dictionaries of the row `Manager`.
    @Suite struct AgentCollectionTests {
        private func error(_ body: () async throws -> Void) async -> AgentError? { await caught(body) }

        @Test func `Array: an index that an array does not have is an error that names it`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent([10, 20, 30], named: "array")
                var refused: [(Int, () async throws -> Void)] = []
                for index in [-1, 3, 1_000] {
                    refused += [
                        (index, { _ = try await agent[index] }),
                        (index, { try await agent.set(1, at: index) }),
                        (index, { try await agent.remove(at: index) }),
                        (index, { try await agent.increment(at: index) }),
                    ]
                }
                refused += [
                    (4, { _ = try await agent[1..<4] }), (-1, { _ = try await agent[-1..<2] }),
                    (4, { try await agent.insert(1, at: 4) }), (4, { try await agent.removeSubrange(0..<4) }),
                    (-1, { try await agent.resize(to: -1, filling: 0) }),
                ]
                for (number, (index, operation)) in refused.enumerated() {
                    let error = await error(operation)
                    #expect(error?.code == .indexOutOfRange, "operation \(number)")
                    #expect(error?.index == index && error?.count == 3, "operation \(number)")
                    #expect(error?.agent == "array")
                }
                #expect(try await agent.value == [10, 20, 30])
                #expect(try await agent.status.version.updates == 0)
            }
        }

        @Test func `Array: a number that does not fit is an error and not another number`() async throws {
            try await withTestSystem { test in
                let numbers = try await test.system.makeAgent(
                    [Int32](repeating: 0, count: 4), named: "narrow")
                let stored = await error { try await numbers.set(exactly: 1 << 40, at: 0) }
                #expect(stored?.code == .overflow)
                #expect(stored?.message.contains("1099511627776") == true)
                try await numbers.set(exactly: 1 << 20, at: 0)
                let added = await error { try await numbers.increment(at: 0, by: Int32.max) }
                #expect(added?.code == .overflow)
                #expect(try await numbers.value == [1 << 20, 0, 0, 0])
                let number = try await test.system.makeAgent(Int32(7))
                #expect(await error { try await number.set(exactly: 1 << 40) }?.code == .overflow)
                #expect(await error { try await number.increment(by: Int32.max) }?.code == .overflow)
                #expect(
                    await error {
                        try await number.set(exactly: -1 << 31); try await number.decrement()
                    }?.code == .overflow)
                #expect(try await number.value == Int32.min)
                let unsigned = try await test.system.makeAgent(UInt(0))
                #expect(await error { try await unsigned.decrement() }?.code == .overflow)
                #expect(await error { try await unsigned.set(exactly: -1) }?.code == .overflow)
                #expect(try await unsigned.value == 0)
            }
        }

        @Test func `Array: it grows and shrinks, element by element`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent([1, 2, 3])
                try await agent.append(4)
                try await agent.append(contentsOf: [5, 6])
                try await agent.insert(0, at: 0)
                try await agent.insert(7, at: 7)
                #expect(try await agent.value == Array(0...7))
                #expect(try await agent.count == 8)
                #expect(try await agent[3] == 3)
                #expect(try await agent[2..<5] == [2, 3, 4])
                #expect(try await agent[8..<8] == [])
                #expect(try await agent.remove(at: 1) == 1)
                #expect(try await agent.popFirst() == 0)
                #expect(try await agent.popLast() == 7)
                try await agent.replaceSubrange(0..<2, with: [9, 9, 9])
                #expect(try await agent.value == [9, 9, 9, 4, 5, 6])
                #expect(try await agent.contains(4) == true)
                #expect(try await agent.firstIndex(of: 5) == 4)
                #expect(try await agent.firstIndex(of: 50) == nil)
                try await agent.resize(to: 8, filling: -1)
                #expect(try await agent[6..<8] == [-1, -1])
                try await agent.resize(to: 2, filling: -1)
                #expect(try await agent.value == [9, 9])
                try await agent.removeAll()
                #expect(try await agent.isEmpty == true)
                #expect(try await agent.popLast() == nil)
                #expect(try await agent.popFirst() == nil)
            }
        }

        @Test(arguments: [1, 7, 100, 1_000])
        func `the elements of a collection come in pages`(size: Int) async throws {
            try await withTestSystem { test in
                let numbers = try await test.system.makeAgent(Array(0..<100))
                var seen: [Int] = []
                var pages = 0
                for try await page in numbers.pages(of: size) {
                    #expect(page.count == min(size, 100 - seen.count))
                    seen += page
                    pages += 1
                }
                #expect(seen == Array(0..<100))
                #expect(pages == (100 + size - 1) / size)
                let entries = Dictionary(uniqueKeysWithValues: (0..<100).map { ("key \($0)", $0) })
                let stock = try await test.system.makeAgent(entries)
                var found: [String: Int] = [:]
                for try await page in stock.pages(of: size) { found.merge(page) { $1 } }
                #expect(found == entries)
            }
        }

        @Test func `a dictionary is read and changed key by key`() async throws {
            try await withTestSystem { test in
                let stock = try await test.system.makeAgent(["apples": 3, "pears": 1])
                #expect(try await stock["apples"] == 3)
                #expect(try await stock["plums"] == nil)
                try await stock.set(5, for: "plums")
                #expect(try await stock.updateValue(6, forKey: "plums") == 5)
                #expect(try await stock.updateValue(7, forKey: "figs") == nil)
                #expect(try await stock.contains(key: "figs") == true)
                #expect(try await stock.removeValue(forKey: "figs") == 7)
                #expect(try await stock.removeValue(forKey: "figs") == nil)
                #expect(try await stock.increment("apples", by: 2) == 5)
                #expect(try await stock.increment("grapes") == 1)
                try await stock.merge(["apples": 100, "nuts": 9], replacing: false)
                #expect(try await stock.values(for: ["apples", "nuts", "none"]) == ["apples": 5, "nuts": 9])
                try await stock.merge(["apples": 100])
                #expect(Set(try await stock.keys()) == ["apples", "pears", "plums", "grapes", "nuts"])
                #expect(try await stock.count == 5)
                let missing = await error { try await stock.update("none", with: Increment(by: 1)) }
                #expect(missing?.code == .noSuchKey)
                let overflow = await error { try await stock.increment("apples", by: .max) }
                #expect(overflow?.code == .overflow)
                #expect(try await stock["apples"] == 100)
                try await stock.removeAll()
                #expect(try await stock.isEmpty == true)
            }
        }

        @Test func `optional values and results are told apart from none`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(["a": Int?.none, "b": 2])
                #expect(try await agent["a"] == .some(.none))
                #expect(try await agent["c"] == .none)
                #expect(try await agent["b"] == .some(2))
                let single = try await test.system.makeAgent(Int?.none)
                #expect(try await single.value == nil)
                try await single.set(4)
                #expect(try await single.value == 4)
            }
        }

        @Test func `of many that insert the same element into a set one is the first`() async throws {
            try await withTestSystem { test in
                let seen = try await test.system.makeAgent(Set<Int>())
                let firsts = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            var firsts = 0
                            for number in 0..<50 where try await seen.insert(number) { firsts += 1 }
                            return firsts
                        }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(firsts == 50)
                #expect(try await seen.remove(7) == true)
                #expect(try await seen.remove(7) == false)
                try await seen.formUnion([7, 100])
                try await seen.subtract(Set(0..<50))
                #expect(try await seen.value == [100])
                #expect(try await seen.contains(100) == true)
                try await seen.removeAll()
                #expect(try await seen.count == 0)
            }
        }

        @Test func `changing an element of a large array does not copy or send the array`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent([Int]())
                try await agent.append(contentsOf: Array(repeating: 1, count: 1_000_000))
                let before = try await test.system.statistics().first { $0.name == agent.id.name }
                let start = ContinuousClock.now
                for number in 0..<1_000 { try await agent.set(number, at: number * 1_000) }
                let time = start.duration(to: .now)
                let after = try await test.system.statistics().first { $0.name == agent.id.name }
                let bytes = try #require(after).bytesReceived - (try #require(before).bytesReceived)
                #expect(bytes < 500_000)
                #expect(time < Machine.limit(.seconds(1)))
                #expect(try await agent[999_000] == 999)
            }
        }
    }
}
