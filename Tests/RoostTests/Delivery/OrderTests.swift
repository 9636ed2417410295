import Distributed
import Glibc
import RoostTesting
import Testing

extension BusyTests {
    /// Eight senders, messages of all sizes, and a receiver that is killed again and again.
    @Suite struct OrderTests {
        /// What is looked at of one sender's messages.
        private func check(
            _ entries: [Journal.Entry], _ report: Writer.Report, _ count: Int, sender: Int, mayRepeat: Bool
        ) {
            var seen: Set<Int> = []
            var newest = 0
            var last: [Int32: Int] = [:]
            for entry in entries {
                #expect(
                    entry.number > last[entry.process, default: 0],
                    "sender \(sender): \(entry) in its incarnation")
                last[entry.process] = entry.number
                if seen.insert(entry.number).inserted {
                    #expect(entry.number > newest, "sender \(sender): \(entry) after \(newest)")
                    newest = entry.number
                } else {
                    #expect(mayRepeat && entry.isRedelivered, "sender \(sender): \(entry) is served again")
                }
            }
            #expect(Set(report.answered).isSubset(of: seen), "sender \(sender): answered and not served")
            #expect(report.answered.count + report.failed.count + report.told.count == count)
        }

        /// Has eight writers write, and the receiver killed until they have done so.
        private func write(
            _ test: TestSystem, _ processID: @escaping @Sendable () async throws -> Int32,
            _ body: @escaping @Sendable (Writer, Int) async throws -> Writer.Report
        ) async throws -> (reports: [Writer.Report], kills: Int) {
            var writers: [Writer] = []
            for number in 1...8 {
                writers.append(try await test.spawn(Writer.self, named: "writer-\(number)"))
            }
            let killing = Task {
                var random = test.random
                var kills = 0
                while !Task.isCancelled {
                    var pid: Int32 = 0
                    // It may be the one that dies now.
                    for _ in 0..<Int.random(in: 1...60, using: &random) {
                        pid = (try? await processID()) ?? pid
                    }
                    if pid != 0, Processes.signal(pid, SIGKILL) { kills += 1 }
                }
                return kills
            }
            defer { killing.cancel() }
            let reports = try await withThrowingTaskGroup(of: (Int, Writer.Report).self) { group in
                for (index, writer) in writers.enumerated() {
                    group.addTask { (index, try await body(writer, index + 1)) }
                }
                return try await group.reduce(into: [Writer.Report](repeating: .init(), count: 8)) {
                    $0[$1.0] = $1.1
                }
            }
            killing.cancel()
            return (reports, await killing.value)
        }

        private let count = Machine.isQuiet ? 20_000 : 600
        private let options = SpawnOptions(
            intensity: .init(restarts: 1_000_000, within: .seconds(1)), backoff: .none)

        @Test(arguments: [1, 2] as [UInt64])
        func `at least once nothing is lost, and what is served again is marked`(seed: UInt64) async throws {
            let journal = Journal("archive")
            defer { journal.remove() }
            let count = count
            try await withTestSystem(seed: seed) { test in
                let archive = try await test.spawn(Archive.self, named: "archive", journal, options: options)
                let (reports, kills) = try await write(test) {
                    try await archive.processID()
                } _: { writer, sender in
                    try await writer.write(
                        count, as: sender, to: archive, seed: seed &* 100 &+ UInt64(sender))
                }
                let entries = Dictionary(grouping: journal.entries, by: \.sender)
                for sender in 1...8 {
                    let report = reports[sender - 1]
                    check(entries[sender] ?? [], report, count, sender: sender, mayRepeat: true)
                    #expect(Set((entries[sender] ?? []).map(\.number)) == Set(1...count), "sender \(sender)")
                    #expect(report.failed.isEmpty, "sender \(sender): \(report.failed)")
                }
                let repeated = journal.entries.count - 8 * count
                print(
                    "at least once, seed \(seed): \(8 * count) messages, \(kills) kills, \(repeated) served again"
                )
                #expect(kills > 0)
            }
        }

        @Test(arguments: [1, 2] as [UInt64])
        func `at most once nothing is served again, and what is lost is reported`(seed: UInt64) async throws {
            let journal = Journal("diary")
            defer { journal.remove() }
            let count = count
            try await withTestSystem(seed: seed) { test in
                let diary = try await test.spawn(Diary.self, named: "diary", journal, options: options)
                let (reports, kills) = try await write(test) {
                    try await diary.processID()
                } _: { writer, sender in
                    try await writer.write(count, as: sender, to: diary, seed: seed &* 100 &+ UInt64(sender))
                }
                let lost = try await test.system.deadLetters()[.lost]
                let entries = Dictionary(grouping: journal.entries, by: \.sender)
                for sender in 1...8 {
                    let report = reports[sender - 1]
                    check(entries[sender] ?? [], report, count, sender: sender, mayRepeat: false)
                    let codes = Set(report.failed.values)
                    #expect(codes.isSubset(of: ["interrupted"]), "sender \(sender): \(codes)")
                }
                // Every one that was not served is reported: its call failed, or it is among the dead letters.
                let untold = (1...8).reduce(0) { sum, sender in
                    sum
                        + Set(reports[sender - 1].told).subtracting((entries[sender] ?? []).map(\.number))
                        .count
                }
                #expect(untold <= lost)
                let served = journal.entries.count
                let failed = reports.reduce(0) { $0 + $1.failed.count }
                print(
                    "at most once, seed \(seed): \(8 * count) sent, \(kills) kills, \(served) served,",
                    "\(failed) calls interrupted, at most \(lost) one-way messages lost")
                #expect(served + failed + lost >= 8 * count)
                #expect(kills > 0)
            }
        }
    }
}
