import Distributed
import Roost

/// Takes messages, and keeps count of them.
distributed actor Sink: ProcessActor {
    private var tallied = Tally()

    distributed func take(_ bytes: [UInt8]) {
        tallied.add(bytes)
    }

    distributed func tally() -> Tally { tallied }

    /// Begins to count anew: what came before was to warm up.
    distributed func reset() {
        tallied = Tally()
    }
}

/// What a ``Sink`` has taken.
struct Tally: Codable, Sendable {
    private var messages = 0
    private var bytes = 0
    /// The sum of the messages' numbers: one that came twice does not make up for one that did not come.
    private var numbers = 0
    private var lastBytes = 0

    mutating func add(_ message: [UInt8]) {
        messages += 1
        bytes += message.count
        numbers += Message.number(of: message)
        lastBytes += Int(message[message.count - 1])
    }

    /// Throws unless each of `senders` has delivered messages number 0 up to `messages`, of `size` bytes.
    func check(senders: Int = 1, messages expected: Int, size: Int) throws {
        let all = senders * expected
        try CheckFailed.unless(messages == all, "\(messages) of \(all) messages were served")
        try CheckFailed.unless(bytes == all * size, "the messages had \(bytes) bytes, not \(all * size)")
        try CheckFailed.unless(
            numbers == senders * (expected * (expected - 1) / 2), "the messages were not the ones sent")
        try CheckFailed.unless(
            lastBytes == all * Int(Message.lastByte(size: size)), "the messages did not end as they were sent"
        )
    }
}
