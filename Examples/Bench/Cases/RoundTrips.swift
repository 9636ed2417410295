import Roost

/// One call at a time from the node to a worker, which answers with the same bytes.
///
/// Measured from before the call to after its answer, in the task that calls, which runs on the node's
/// pool: encoding, both ways through the sockets, serving, decoding and all wake-ups. The limit is
/// measured in the same round, in turns with Roost, so that both see the same machine; the ratio is that
/// of the two medians. Not measured: starting processes, the first calls, and comparing the answers.
struct RoundTripFromNode: Benchmark {
    let name: String
    let size: Int
    /// What the ratio to the limit is expected to be.
    var mark: Mark?

    var summary: String {
        "call and answer, \(size) bytes, node to worker, one at a time; ratio to the limit"
    }

    private static let turns = 5
    private static let warmUp = 500

    func round(_ scale: Scale) async throws -> [Measurement] {
        let peer = try PingPong(size: size)
        defer { peer.end() }
        let (limit, roost) = try await ProcessActorSystem.run { system in
            let echo = try await system.spawn(Echo.self)
            let count = scale.of(20_000) / Self.turns
            var limit: [UInt64] = []
            var roost: [UInt64] = []
            for _ in 0..<Self.turns {
                _ = try peer.timeExchanges(Self.warmUp)
                limit += try peer.timeExchanges(count)
                _ = try await timeCalls(to: echo, count: Self.warmUp, size: size)
                roost += try await timeCalls(to: echo, count: count, size: size)
            }
            return (Percentiles(limit), Percentiles(roost))
        }
        let ratio = Double(roost.median) / Double(limit.median)
        return roost.rows(name, .microseconds) + [
            Measurement(
                peer: .limit, benchmark: name, metric: "p50",
                value: TimeUnit.microseconds.value(limit.median), unit: TimeUnit.microseconds.rawValue),
            Measurement(
                benchmark: name, metric: "p50 / limit", value: ratio, unit: "×", mark: mark),
        ]
    }
}

/// One call at a time from one worker to another, which answers with the same bytes.
///
/// The loop and its clock are in the calling actor; the node only says when to begin and collects the
/// percentiles. Not measured: how the two processes come to know each other, which the first calls do.
struct RoundTripBetweenWorkers: Benchmark {
    let name = "rtt-64-workers"
    let summary = "call and answer, 64 bytes, worker to worker, one at a time"

    func round(_ scale: Scale) async throws -> [Measurement] {
        try await ProcessActorSystem.run { system in
            let echo = try await system.spawn(Echo.self)
            let driver = try await system.spawn(Driver.self)
            _ = try await driver.timeCalls(to: echo, count: 1_000, size: 64)
            let times = try await driver.timeCalls(to: echo, count: scale.of(20_000), size: 64)
            return times.rows(name, .microseconds)
        }
    }
}
