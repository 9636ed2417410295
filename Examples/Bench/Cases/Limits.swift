/// The limit of `rtt-64`: what two processes take for the same exchange in plain system calls.
///
/// 64 bytes there and back over a Unix stream socket, with blocking `read` and `write` on both sides and
/// nothing else; the kernel places both processes as it likes. Measured around each exchange. Nothing is
/// encoded, dispatched or supervised. The answers are compared outside the measured time.
struct RoundTripLimit: Benchmark {
    let name = "rtt-64-limit"
    let summary = "the limit of rtt-64: blocking read and write over a Unix stream socket"

    func round(_ scale: Scale) async throws -> [Measurement] {
        let peer = try PingPong(size: 64)
        defer { peer.end() }
        _ = try peer.timeExchanges(1_000)
        let times = Percentiles(try peer.timeExchanges(scale.of(50_000)))
        return times.rows(name, .microseconds, peer: .limit)
    }
}

/// The limit of `oneway-64`: 64-byte frames in writes and reads of 64 KiB.
///
/// The sender copies each numbered frame into a buffer and writes the buffer when it is full; the
/// receiver reads into a buffer of the same size and adds up the frames' numbers. Measured from the first
/// frame until the receiver's count, which is checked, has come back. No flow control beyond the
/// socket's, no types, no mailbox.
struct OneWayLimit: Benchmark {
    let name = "oneway-64-limit"
    let summary = "the limit of oneway-64: frames in writes of 64 KiB"

    func round(_ scale: Scale) async throws -> [Measurement] {
        // A multiple of the frames in a buffer, of which every write is then a full one.
        let count = scale.of(20_480_000)
        let rate = try FrameStream.framesPerSecond(count)
        return [Measurement(peer: .limit, benchmark: name, metric: "rate", value: rate, unit: "messages/s")]
    }
}

/// What a process costs that has nothing of Roost: `/bin/true`, started and reaped.
///
/// `posix_spawn` and `waitpid`, one at a time. The program is dynamically linked with the C library only,
/// makes no socket and answers nothing, and its exit is in the measured time: so it is a scale for
/// `spawn`, not quite the same work.
struct SpawnLimit: Benchmark {
    let name = "spawn-limit"
    let summary = "a scale for spawn: posix_spawn of /bin/true until it is reaped"

    func round(_ scale: Scale) async throws -> [Measurement] {
        var times: [UInt64] = []
        for _ in 0..<scale.of(300) {
            let start = Clock.now
            let status = try Child(path: "/bin/true", arguments: []).wait()
            times.append(Clock.now - start)
            try CheckFailed.unless(status == 0, "/bin/true ended with status \(status)")
        }
        return Percentiles(times).rows(name, .milliseconds, peer: .limit)
    }
}
