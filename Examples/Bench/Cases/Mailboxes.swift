import Roost

/// Elements of 64 bytes through a mailbox, from one worker to another.
///
/// One task sends one after another as fast as the mailbox's room lets it; one task takes them out. Measured from
/// before the first is sent until the last has been taken out. The receiver counts them and adds up their numbers,
/// sizes and last bytes; the node checks that these are right. Not measured: starting, opening, and a first tenth
/// that warms up.
struct MailboxBetweenWorkers: Benchmark {
    let name: String
    let capacity: Int
    var mark: Mark?

    var summary: String { "elements of 64 bytes through a mailbox of \(capacity), worker to worker" }

    func round(_ scale: Scale) async throws -> [Measurement] {
        let count = scale.of(10_000_000)
        return try await ProcessActorSystem.run { system in
            let collector = try await system.spawn(Collector.self)
            let driver = try await system.spawn(Driver.self)
            let address = try await collector.makeMailbox(capacity: capacity)
            _ = try await send(count / 10, from: driver, to: collector, address)
            let seconds = try await send(count, from: driver, to: collector, address)
            return [
                Measurement(
                    benchmark: name, metric: "rate", value: Double(count) / seconds, unit: "messages/s",
                    mark: mark)
            ]
        }
    }

    private func send(
        _ count: Int, from driver: Driver, to collector: Collector, _ address: MailboxAddress<[UInt8]>
    ) async throws -> Double {
        async let collecting = collector.collect(count)
        let sent = try await driver.sendElements(to: address, count: count, size: 64)
        let collection = try await collecting
        try collection.tally.check(messages: count, size: 64)
        return Interval(start: sent.start, end: collection.end).seconds
    }
}

/// Elements of 64 bytes from a worker to a mailbox of the node.
///
/// As between workers; the receiver is a task on the node's pool.
struct MailboxToNode: Benchmark {
    let name = "mailbox-64-node"
    let summary = "elements of 64 bytes through a mailbox of 1024, worker to node"

    func round(_ scale: Scale) async throws -> [Measurement] {
        let count = scale.of(5_000_000)
        return try await ProcessActorSystem.run { system in
            let driver = try await system.spawn(Driver.self)
            let mailbox = try await system.makeMailbox(of: [UInt8].self, capacity: 1_024)
            let address = mailbox.address
            async let sending = driver.sendElements(to: address, count: count, size: 64)
            var tally = Tally()
            for _ in 0..<count {
                guard let element = try await mailbox.next() else { break }
                tally.add(element)
            }
            let end = Clock.now
            try tally.check(messages: count, size: 64)
            let seconds = Interval(start: try await sending.start, end: end).seconds
            return [
                Measurement(
                    benchmark: name, metric: "rate", value: Double(count) / seconds, unit: "messages/s")
            ]
        }
    }
}
