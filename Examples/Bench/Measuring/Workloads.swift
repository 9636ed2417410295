import Roost

// The loops that are timed. They run where their caller runs (`nonisolated(nonsending)`): on the pool in
// the node, on the driving actor in a worker. So both measure what an ordinary caller there would see.

/// Makes calls one after another, and tells how long each took.
///
/// The answers are compared outside the measured time.
nonisolated(nonsending) func timeCalls(to echo: Echo, count: Int, size: Int) async throws -> [UInt64] {
    var message = Message(size: size)
    var times: [UInt64] = []
    times.reserveCapacity(count)
    for number in 0..<count {
        message.number(number)
        let start = Clock.now
        let answer = try await echo.echo(message.bytes)
        times.append(Clock.now - start)
        try CheckFailed.unless(answer == message.bytes, "call \(number) was answered with something else")
    }
    return times
}

/// Sends one-way messages, and waits until all have been served.
///
/// The call at the end is behind them in the mailbox: its answer says that they are done. That they were
/// the right ones is for the caller to check, with ``Tally/check(senders:messages:size:)``.
nonisolated(nonsending) func sendMessages(to sink: Sink, count: Int, size: Int) async throws -> Interval {
    var message = Message(size: size)
    let start = Clock.now
    for number in 0..<count {
        message.number(number)
        try await sink.tell { try await $0.take(message.bytes) }
    }
    _ = try await sink.tally()
    return Interval(start: start, end: Clock.now)
}

/// Keeps `flight` calls under way, each from a task of its own that calls one after another, until each
/// has made its share of `calls`.
nonisolated(nonsending) func keepInFlight(
    _ flight: Int, calls: Int, to echo: Echo, size: Int
) async throws -> Interval {
    let share = calls / flight
    let start = Clock.now
    try await withThrowingTaskGroup { group in
        for task in 0..<flight {
            group.addTask {
                var message = Message(size: size)
                for number in task * share..<(task + 1) * share {
                    message.number(number)
                    let answer = try await echo.echo(message.bytes)
                    try CheckFailed.unless(answer == message.bytes, "call \(number) was answered wrongly")
                }
            }
        }
        try await group.waitForAll()
    }
    return Interval(start: start, end: Clock.now)
}

/// Sends elements to a mailbox, until all have come.
nonisolated(nonsending) func sendElements(
    to address: MailboxAddress<[UInt8]>, count: Int, size: Int
) async throws -> Interval {
    let sender = try await address.open()
    var message = Message(size: size)
    let start = Clock.now
    for number in 0..<count {
        message.number(number)
        try await sender.send(message.bytes)
    }
    try await sender.finish()
    return Interval(start: start, end: Clock.now)
}
