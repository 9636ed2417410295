import Distributed
import Foundation
import RoostTesting
import Testing

@testable import Roost

extension BusyTests {
    /// Who sends more than is served is slowed down, and keeps nobody else from sending.
    @Suite struct FlowTests {
        @Test func `a greedy sender among ten gets no more than its share`() async throws {
            try await withTestSystem { test in
                let mill = try await test.spawn(Mill.self)
                let begun = Signal(actorSystem: test.system)
                var farmers: [Farmer] = []
                for number in 1...10 {
                    farmers.append(try await test.spawn(Farmer.self, named: "farmer-\(number)"))
                }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for (index, farmer) in farmers.enumerated() {
                        group.addTask {
                            // The first one sends with a hundred tasks, the others with one.
                            _ = try await farmer.deliver(
                                to: mill, as: index, tasks: index == 0 ? 100 : 1, microseconds: 50,
                                filling: 64,
                                begun)
                        }
                    }
                    for index in 0..<10 { try await begun.waitFor("begun \(index)") }
                    // Until the shares have been divided, and then for as long as it takes to serve many.
                    _ = try await served(by: mill, atLeast: 5_000)
                    let counts = try await served(by: mill, atLeast: 20_000)
                    for farmer in farmers { try await farmer.stopDelivering() }
                    try await group.waitForAll()
                    let mean = Double(counts.values.reduce(0, +)) / 10
                    print(
                        "shares: \(counts.sorted { $0.key < $1.key }.map { Int(100 * Double($0.value) / mean) })"
                    )
                    #expect(counts.count == 10)
                    for (sender, count) in counts {
                        #expect(
                            abs(Double(count) / mean - 1) < 0.2, "sender \(sender): \(count), mean \(mean)")
                    }
                }
            }
        }

        private func served(by mill: Mill, atLeast count: Int) async throws -> [Int: Int] {
            _ = try await mill.takeCounts()
            var counts: [Int: Int] = [:]
            while counts.values.reduce(0, +) < count {
                counts.merge(try await mill.takeCounts(), uniquingKeysWith: +)
            }
            return counts
        }

        @Test func `a producer that is much faster than its consumer leaves all memory flat`() async throws {
            // Thirty seconds where there is time for it.
            let seconds = Machine.isQuiet ? 30 : 3
            try await withTestSystem { test in
                let mill = try await test.spawn(Mill.self, named: "mill")
                let farmer = try await test.spawn(Farmer.self, named: "farmer")
                let begun = Signal(actorSystem: test.system)
                let delivering = Task {
                    try await farmer.deliver(
                        to: mill, as: 1, tasks: 4, microseconds: 500, filling: 4_096, begun)
                }
                try await begun.waitFor("begun 1")
                var curve: [(seconds: Double, farmer: Int, mill: Int, node: Int)] = []
                let start = ContinuousClock.now
                _ = try await mill.takeCounts()
                let before = try await figures(of: "mill", test)
                while curve.count < 30 {
                    // The clock of this test is the consumer: each look waits for its turn in the full mailbox.
                    let memory = try await mill.residentKibibytes()
                    let elapsed = ContinuousClock.now - start
                    guard elapsed >= .seconds(seconds) * curve.count / 30 else { continue }
                    curve.append(
                        (
                            elapsed / .seconds(1), try await farmer.residentKibibytes(), memory,
                            Processes.residentKibibytes
                        ))
                }
                let meanwhile = try await figures(of: "mill", test).since(before)
                try await farmer.stopDelivering()
                let sent = try await delivering.value
                for point in curve {
                    print(
                        String(format: "%5.1f s", point.seconds),
                        "producer \(point.farmer) KiB, consumer \(point.mill) KiB,",
                        "node \(point.node) KiB")
                }
                print(
                    "\(sent) sent; consumer: \(meanwhile.servedPerSecond) per second, busy \(meanwhile.busyShare)"
                )
                // In the second half nothing grows any more: what was sent meanwhile would be far above the margin.
                let (early, late) = (curve[14], curve[29])
                #expect(late.farmer <= early.farmer + 4_096)
                #expect(late.mill <= early.mill + 4_096)
                // It never has to wait for a message.
                #expect(meanwhile.busyShare > 0.9)
            }
        }

        private func figures(of name: String, _ test: TestSystem) async throws -> ActorStatistics {
            try #require(try await test.system.statistics(within: .seconds(10)).first { $0.name == name })
        }

        @Test func `messages to an actor that is gone for good take no room`() async throws {
            var options = SystemOptions()
            options.mailboxMessages = 16
            try await withTestSystem(options: options) { test in
                let counter = try await test.spawn(Counter.self, named: "c", .init(start: 0))
                _ = try await counter.add(1)
                try await test.system.stop(counter)
                for _ in 1...1_000 { try await counter.tell { try await $0.bump() } }
                let error: RemoteCallError? = await caught { _ = try await counter.add(1) }
                #expect(error?.code == .terminated)
            }
        }

        @Test func `senders that wait are let go when the actor is gone for good`() async throws {
            var options = SystemOptions()
            options.mailboxMessages = 2
            options.shutdown = .kill
            try await withTestSystem(options: options) { test in
                let echo = try await test.spawn(Echo.self, named: "e")
                let signal = Signal(actorSystem: test.system)
                async let serving: RemoteCallError? = caught { try await echo.sleepForEver(signal) }
                try await signal.waitFor("started")
                let senders = (1...50).map { number in
                    Task { try await echo.tell { try await $0.note(number) } }
                }
                try await test.system.stop(echo)
                for sender in senders { _ = await sender.result }
                _ = await serving
            }
        }
    }
}
