import Roost
import RoostTesting
import Testing

extension PatternTests {
    @Suite struct BarrierTests {
        private func parties(_ count: Int, at barrier: Barrier, _ test: TestSystem) async throws
            -> [Participant]
        {
            var parties: [Participant] = []
            for number in 0..<count {
                let party = try await test.spawn(Participant.self, named: "party-\(number)")
                try await party.join(barrier)
                parties.append(party)
            }
            return parties
        }

        @Test func `all pass together, again and again`() async throws {
            try await withTestSystem { test in
                let barrier = try await test.system.makeBarrier(parties: 3)
                let parties = try await parties(3, at: barrier, test)
                for meeting in 1...20 {
                    let numbers = try await withThrowingTaskGroup(of: UInt64?.self) { group in
                        for party in parties { group.addTask { try await party.arrive() } }
                        return try await group.reduce(into: [UInt64?]()) { $0.append($1) }
                    }
                    #expect(numbers == Array(repeating: UInt64(meeting), count: 3))
                }
                #expect(try await barrier.status().joined == 3)
            }
        }

        @Test func `Barrier: when a party is killed the rest get a typed error, and none passes alone`()
            async throws
        {
            try await withTestSystem { test in
                let barrier = try await test.system.makeBarrier(parties: 3)
                let parties = try await parties(3, at: barrier, test)
                let waiting = Task { try await parties[0].arrive() }
                try await until { try await barrier.status().waiting == 1 }
                Processes.signal(try await parties[2].processID(), 9)
                // The first one waits, the second comes later: each is told once.
                for arrival in [waiting, Task { try await parties[1].arrive() }] {
                    do {
                        _ = try await arrival.value
                        Issue.record("a party passed without the others")
                    } catch let error as CoordinationError {
                        #expect(error.code == .broken)
                        #expect(error.loss == HolderLoss(name: "party-2", reason: .crashed(signal: 9)))
                    }
                }
                // Its next incarnation joins in its place.
                try await parties[2].join(barrier)
                let numbers = try await withThrowingTaskGroup(of: UInt64?.self) { group in
                    for party in parties { group.addTask { try await party.arrive() } }
                    return try await group.reduce(into: [UInt64?]()) { $0.append($1) }
                }
                #expect(numbers == [1, 1, 1])
            }
        }

        @Test func `a party too many is refused, one that leaves makes room`() async throws {
            try await withTestSystem { test in
                let barrier = try await test.system.makeBarrier(parties: 1)
                #expect(try await barrier.status().parties == 1)
                let party = try await barrier.join()
                #expect(try await party.arrive() == 1)
                do {
                    _ = try await barrier.join()
                    Issue.record("it is for one party")
                } catch let error as CoordinationError {
                    #expect(error.code == .full)
                }
                party.leave()
                try await until { try await barrier.status().joined == 0 }
                do {
                    _ = try await party.arrive()
                    Issue.record("it has left")
                } catch let error as CoordinationError {
                    #expect(error.code == .notAParty)
                }
                #expect(try await barrier.join().arrive() == 2)
            }
        }

        @Test func `who gives up waiting has not arrived`() async throws {
            try await withTestSystem { test in
                let barrier = try await test.system.makeBarrier(parties: 2)
                let first = try await barrier.join()
                let second = try await barrier.join()
                do {
                    try await first.arrive(within: .milliseconds(5))
                    Issue.record("the other has not come")
                } catch let error as RemoteCallError {
                    #expect(error.code == .deadlineExceeded)
                }
                try await until { try await barrier.status().waiting == 0 }
                let waiting = Task { try await second.arrive() }
                try await until { try await barrier.status().waiting == 1 }
                #expect(try await first.arrive() == 1)
                #expect(try await waiting.value == 1)
            }
        }

        @Test func `parties are told when the barrier is killed`() async throws {
            try await withTestSystem { test in
                let barrier = try await test.system.makeBarrier(parties: 2)
                let party = try await barrier.join()
                let waiting = Task { try await party.arrive() }
                try await until { try await barrier.status().waiting == 1 }
                try await test.kill(barrier)
                do {
                    _ = try await waiting.value
                    Issue.record("the other has not come")
                } catch let error as RemoteCallError {
                    #expect(error.code == .interrupted && error.exitReason == .killed(by: .user))
                }
                await #expect(throws: RemoteCallError.self) { try await party.arrive() }
                _ = try await barrier.join()
            }
        }
    }
}
