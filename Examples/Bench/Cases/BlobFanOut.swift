import Roost

/// The same 64 MiB to 8 actors, which read all of them: as a blob, and copied to each.
///
/// The node sends to all of them at once, and each answers with the sum of what it has read as 8-byte
/// numbers, which is checked. Measured from before the first call until the last answer; the rate is of
/// all receivers together. Not measured: starting, making the blob (a row of its own) and one warm-up.
struct BlobFanOut: Benchmark {
    let name = "blob-fanout"
    let summary = "64 MiB to 8 actors that read all of them, as one blob and as copies"

    private static let size = 64 << 20
    private static let receivers = 8

    func round(_ scale: Scale) async throws -> [Measurement] {
        var options = SystemOptions()
        options.maximumMessageSize = 128 << 20
        return try await ProcessActorSystem.run(options) { system in
            var readers: [Reader] = []
            for _ in 0..<Self.receivers { readers.append(try await system.spawn(Reader.self)) }
            let bytes = Message(size: Self.size).bytes
            let sum = unsafe Reader.sum(bytes.span.bytes)
            let start = Clock.now
            let blob = try Blob(copying: bytes)
            let making = Clock.now - start
            let shared = try await time(scale.of(10), readers, sum) { try await $0.read(blob) }
            let copied = try await time(scale.of(2), readers, sum) { try await $0.read(bytes) }
            return [
                row("made", Self.size, making),
                row("one blob", Self.size * Self.receivers, shared),
                row("copies", Self.size * Self.receivers, copied),
            ]
        }
    }

    /// The shortest of several rounds to all readers, after one that is not counted, in nanoseconds.
    private func time(
        _ count: Int, _ readers: [Reader], _ sum: UInt64,
        _ read: @escaping @Sendable (Reader) async throws -> UInt64
    ) async throws -> UInt64 {
        var best = UInt64.max
        for number in 0...count {
            let start = Clock.now
            try await withThrowingTaskGroup(of: UInt64.self) { group in
                for reader in readers { group.addTask { try await read(reader) } }
                for try await read in group { try CheckFailed.unless(read == sum, "other bytes were read") }
            }
            if number > 0 { best = min(best, Clock.now - start) }
        }
        return best
    }

    private func row(_ metric: String, _ bytes: Int, _ nanoseconds: UInt64) -> Measurement {
        Measurement(
            benchmark: name, metric: metric, value: Double(bytes) / Double(nanoseconds), unit: "GB/s")
    }
}
