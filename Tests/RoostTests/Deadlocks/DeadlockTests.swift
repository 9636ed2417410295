import RoostTesting
import Testing

extension BusyTests {
    /// Calls that wait for each other, among real processes.
    @Suite struct DeadlockTests {
        private static var smallest: SystemOptions {
            var options = SystemOptions()
            options.mailboxMessages = 1
            return options
        }

        /// All call their next at once, round by round; in each round one call fails, and says why.
        private func tie(_ rings: [[Partner]], _ names: [[String]], rounds: Int, _ test: TestSystem)
            async throws
        {
            let gate = Gate(actorSystem: test.system)
            let count = rings.map(\.count).reduce(0, +)
            var taken: [Int] = []
            for _ in 0..<rounds {
                let results = try await withThrowingTaskGroup(of: (Int, Int, Tied).self) { group in
                    for (ring, partners) in rings.enumerated() {
                        for (index, partner) in partners.enumerated() {
                            let next = partners[(index + 1) % partners.count]
                            group.addTask { (ring, index, try await partner.tie(to: next, at: gate, count)) }
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                for (ring, names) in names.enumerated() {
                    let results = results.filter { $0.0 == ring }
                    let failed = results.filter { $0.2.value == nil }
                    #expect(failed.count == 1, "\(results)")
                    for (_, index, tied) in failed {
                        #expect(tied.path == Array(names[index...] + names[..<index]))
                        #expect(tied.message.hasPrefix("\(tied.path[0]) waits for \(tied.path[1]), "))
                        taken.append(tied.milliseconds)
                    }
                }
            }
            // One round or another may be held up by what else runs on the machine.
            taken.sort()
            let limits = (half: Machine.limit(.milliseconds(200)), all: Machine.limit(.seconds(2)))
            let times = taken.map { Duration.milliseconds($0) }
            #expect(times[times.count / 2] < limits.half && times.allSatisfy { $0 < limits.all }, "\(taken)")
        }

        private func partners(_ count: Int, _ prefix: String, _ test: TestSystem) async throws -> (
            [Partner], [String]
        ) {
            var partners: [Partner] = []
            for number in 0..<count {
                partners.append(try await test.spawn(Partner.self, named: "\(prefix)\(number)"))
            }
            return (partners, partners.indices.map { "\(prefix)\($0)" })
        }

        @Test func `of two actors that call each other at once one fails and the other gets its result`()
            async throws
        {
            try await withTestSystem { test in
                let (pair, names) = try await partners(2, "k", test)
                try await tie([pair], [names], rounds: 20, test)
            }
        }

        @Test func `a ring of five has one call fail, which names the ring`() async throws {
            try await withTestSystem(options: Self.smallest) { test in
                let (ring, names) = try await partners(5, "k", test)
                try await tie([ring], [names], rounds: 20, test)
            }
        }

        @Test func `two independent circles at once are both found`() async throws {
            try await withTestSystem(options: Self.smallest) { test in
                let (pair, names) = try await partners(2, "p", test)
                let (ring, others) = try await partners(3, "r", test)
                try await tie([pair, ring], [names, others], rounds: 20, test)
            }
        }

        @Test func `a circle through an actor of the node is found`() async throws {
            try await withTestSystem { test in
                let (spawned, names) = try await partners(1, "k", test)
                let made = Partner(actorSystem: test.system)
                let local = try Partner.resolve(id: made.id, using: test.system)
                try await tie([spawned + [local]], [names + [made.id.name]], rounds: 20, test)
                let other = Partner(actorSystem: test.system)
                let both = try [made, other].map { try Partner.resolve(id: $0.id, using: test.system) }
                try await tie([both], [[made.id.name, other.id.name]], rounds: 20, test)
            }
        }

        @Test func `actors that are not processes of their own are found as well`() async throws {
            var options = SystemOptions()
            options.spawnMethod = .inProcess
            try await withTestSystem(options: options) { test in
                let (ring, names) = try await partners(3, "k", test)
                try await tie([ring], [names], rounds: 20, test)
            }
        }

        @Test func `a call that waits for room can be part of a circle`() async throws {
            try await withTestSystem(options: Self.smallest) { test in
                let far = try await test.spawn(Partner.self, named: "far")
                let made = Partner(actorSystem: test.system)
                let near = try Partner.resolve(id: made.id, using: test.system)
                let gate = Gate(actorSystem: test.system)
                for _ in 0..<20 {
                    // The node's one place in the mailbox of the far one is taken by the first of these calls.
                    async let first = far.tie(to: near, at: gate, 2)
                    async let second = near.tie(to: far, at: gate, 2)
                    let results = try await [first, second]
                    #expect(results.count { $0.value == nil } == 1, "\(results)")
                    #expect(
                        results.allSatisfy { .milliseconds($0.milliseconds) < Machine.limit(.seconds(2)) })
                }
            }
        }

        @Test func `one-way messages that wait for room on both sides are a deadlock too`() async throws {
            try await withTestSystem(options: Self.smallest) { test in
                let (pair, _) = try await partners(2, "k", test)
                let gate = Gate(actorSystem: test.system)
                async let first = pair[0].flood(pair[1], at: gate, 2)
                async let second = pair[1].flood(pair[0], at: gate, 2)
                let results = try await [first, second]
                #expect(results.count { $0.path.count == 2 } == 1, "\(results)")
            }
        }

        @Test func `an actor that waits for room in its own mailbox waits for itself`() async throws {
            try await withTestSystem(options: Self.smallest) { test in
                let one = try await test.spawn(Partner.self, named: "one")
                let gate = Gate(actorSystem: test.system)
                #expect(try await one.flood(one, at: gate, 1).path == ["one"])
            }
        }

        @Test func `who waits for room in the mailbox of an actor that waits for him is in a deadlock`()
            async throws
        {
            try await withTestSystem(options: Self.smallest) { test in
                let (pair, _) = try await partners(2, "k", test)
                let gate = Gate(actorSystem: test.system)
                #expect(try await pair[0].flooded(by: pair[1], at: gate).path == ["k1", "k0"])
            }
        }

        // MARK: No false alarm

        @Test func `a slow chain of fifty is no deadlock, with room for one message each`() async throws {
            try await withTestSystem(options: Self.smallest) { test in
                let (chain, _) = try await partners(50, "k", test)
                for _ in 0..<20 {
                    #expect(try await chain[0].chain(Array(chain.dropFirst()), milliseconds: 210) == 50)
                }
            }
        }

        @Test func `calls twice around a circle of fifty are no deadlock, with room for one message each`()
            async throws
        {
            try await withTestSystem(options: Self.smallest) { test in
                let (ring, _) = try await partners(50, "k", test)
                let twice = Array(ring.dropFirst()) + ring
                // Three callers at once, who wait for their turn at the first.
                for _ in 0..<7 {
                    try await withThrowingTaskGroup(of: Int.self) { group in
                        for _ in 0..<3 {
                            group.addTask { try await ring[0].chain(twice, milliseconds: 70) }
                        }
                        for try await depth in group { #expect(depth == 100) }
                    }
                }
            }
        }

        @Test func `an actor that is called back by the one it calls is no deadlock`() async throws {
            try await withTestSystem(options: Self.smallest) { test in
                let (pair, _) = try await partners(2, "k", test)
                for _ in 0..<20 {
                    #expect(try await pair[0].chain([pair[1], pair[0]], milliseconds: 110) == 3)
                }
            }
        }

        @Test func `a slow recursion is no deadlock`() async throws {
            try await withTestSystem(options: Self.smallest) { test in
                let (pair, _) = try await partners(2, "k", test)
                for round in 0..<20 {
                    let depth = 2 + round % 5
                    let result = try await pair[0].recur(over: pair[1], depth: depth, milliseconds: 210)
                    #expect(result == depth + 1)
                }
            }
        }

        @Test func `slow calls back that wait for each other's turn are no deadlock`() async throws {
            try await withTestSystem(options: Self.smallest) { test in
                let (partners, _) = try await partners(4, "k", test)
                for _ in 0..<20 {
                    let others = Array(partners.dropFirst())
                    #expect(try await partners[0].fan(over: others, milliseconds: 80) == 3)
                }
            }
        }

        @Test func `a slow actor with many callers is no deadlock`() async throws {
            try await withTestSystem(options: Self.smallest) { test in
                let slow = try await test.spawn(Partner.self)
                let (callers, _) = try await partners(10, "k", test)
                for _ in 0..<20 {
                    let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                        for caller in callers {
                            group.addTask { try await caller.sleep(in: slow, milliseconds: 25) }
                        }
                        return try await group.reduce(0, +)
                    }
                    #expect(sum == 10)
                }
            }
        }

        @Test func `slow calls to and fro, one after another, are no deadlock`() async throws {
            try await withTestSystem(options: Self.smallest) { test in
                let (pair, _) = try await partners(2, "k", test)
                for _ in 0..<20 {
                    #expect(try await pair[0].sleep(in: pair[1], milliseconds: 70) == 1)
                    #expect(try await pair[1].sleep(in: pair[0], milliseconds: 70) == 1)
                }
            }
        }

        @Test func `calls that only ever go upwards are no deadlock, whatever they meet`() async throws {
            try await withTestSystem(seed: 11) { test in
                let (partners, _) = try await partners(6, "k", test)
                var random = test.random
                let calls = (0..<60).map { _ in
                    let indices = partners.indices.filter { _ in Bool.random(using: &random) }
                    return (indices, Int.random(in: 0...90, using: &random))
                }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for (indices, milliseconds) in calls where !indices.isEmpty {
                        group.addTask {
                            let rest = indices.dropFirst().map { partners[$0] }
                            let depth = try await partners[indices[0]].chain(rest, milliseconds: milliseconds)
                            #expect(depth == indices.count)
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }
}
