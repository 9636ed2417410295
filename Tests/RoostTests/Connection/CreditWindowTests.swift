import RoostTesting
import Testing

@testable import Roost

@Suite struct CreditWindowTests {
    // MARK: The sender's side

    @Test func `a window admits as many messages as it has places`() {
        var window = CreditWindow(messages: 3, bytes: 1_000)
        for _ in 0..<3 {
            #expect(window.admits(10))
            window.take(10)
        }
        #expect(!window.admits(0))
        window.giveBack(messages: 1, bytes: 10)
        #expect(window.admits(10))
    }

    @Test func `a window admits as many bytes as it has`() {
        var window = CreditWindow(messages: 100, bytes: 100)
        window.take(60)
        #expect(window.admits(40))
        #expect(!window.admits(41))
        window.take(40)
        #expect(!window.admits(1))
        #expect(window.admits(0))
    }

    @Test func `a message larger than the window is admitted alone`() {
        var window = CreditWindow(messages: 10, bytes: 100)
        #expect(window.admits(5_000))
        window.take(1)
        #expect(!window.admits(5_000))
        window.giveBack(messages: 1, bytes: 1)
        window.take(5_000)
        #expect(!window.admits(0) && !window.admits(1))
        window.giveBack(messages: 1, bytes: 5_000)
        #expect(window == CreditWindow(messages: 10, bytes: 100))
    }

    @Test func `a reset forgets all that is under way, and late returns do not enlarge the window`() {
        var window = CreditWindow(messages: 2, bytes: 100)
        window.take(50)
        window.take(50)
        window.reset()
        #expect(window == CreditWindow(messages: 2, bytes: 100))
        window.giveBack(messages: 5, bytes: 500)
        #expect(window == CreditWindow(messages: 2, bytes: 100))
        window.take(100)
        #expect(!window.admits(1))
    }

    // MARK: The receiver's side

    @Test func `what is finished goes back when a quarter of the messages has gathered`() {
        var credit = CreditReturn(windowMessages: 16, windowBytes: 1_000_000)
        for _ in 0..<3 { #expect(credit.finished(5) == nil) }
        #expect(credit.finished(5) ?? (0, 0) == (4, 20))
        #expect(credit.finished(5) == nil)
    }

    @Test func `what is finished goes back when a quarter of the bytes has gathered`() {
        var credit = CreditReturn(windowMessages: 1_000, windowBytes: 400)
        #expect(credit.finished(99) == nil)
        #expect(credit.finished(1) ?? (0, 0) == (2, 100))
        #expect(credit.finished(5_000) ?? (0, 0) == (1, 5_000))
    }

    @Test(arguments: [(1, 1), (2, 3), (3, 100)]) func `in a tiny window each message goes back at once`(
        _ messages: Int, _ bytes: Int
    ) {
        var credit = CreditReturn(windowMessages: messages, windowBytes: bytes)
        for _ in 0..<5 { #expect(credit.finished(7) ?? (0, 0) == (1, 7)) }
    }

    @Test func `a sender that waits gets at once what has gathered`() {
        var credit = CreditReturn(windowMessages: 100, windowBytes: 10_000)
        _ = credit.finished(10)
        _ = credit.finished(20)
        #expect(credit.senderWaits() ?? (0, 0) == (2, 30))
        #expect(credit.finished(10) == nil)
    }

    @Test func `a sender that waits while nothing has gathered gets the next at once`() {
        var credit = CreditReturn(windowMessages: 100, windowBytes: 10_000)
        #expect(credit.senderWaits() == nil)
        #expect(credit.finished(10) ?? (0, 0) == (1, 10))
        #expect(credit.finished(10) == nil)
    }

    // MARK: Both together

    @Test(arguments: [(1, 8, 100), (2, 1, 50), (3, 1_024, 1_000), (4, 4, 1 << 20), (5, 64, 64), (6, 3, 7)])
    func `nothing goes beyond the window, nothing is lost and nobody waits for ever`(
        _ seed: UInt64, _ messages: Int, _ bytes: Int
    ) {
        var random = SeededGenerator(seed: seed)
        var link = Link(messages: messages, bytes: bytes)
        for _ in 0..<10_000 {
            link.step(Int.random(in: 0..<6, using: &random)) {
                // Now and then a message larger than the whole window.
                Int.random(in: 0..<20, using: &random) == 0
                    ? bytes * 2 + 1 : Int.random(in: 1...20, using: &random)
            }
            link.check()
        }
        link.settle()
        link.check()
    }
}

/// A sender, the wire and a receiver, as ``Route`` and ``DataConnection`` connect them.
private struct Link {
    private enum Signal {
        case credit(messages: Int, bytes: Int)
    }

    private var window: CreditWindow
    private var credit: CreditReturn
    private var waiters: [Int] = []
    private var hasAsked = false
    private var mailbox: [Int] = []
    private var toReceiver: [Int?] = []  // a message's size, or nil: the sender waits
    private var toSender: [Signal] = []
    private var sent = 0
    private var finished = 0

    init(messages: Int, bytes: Int) {
        window = CreditWindow(messages: messages, bytes: bytes)
        credit = CreditReturn(windowMessages: messages, windowBytes: bytes)
    }

    mutating func step(_ choice: Int, size: () -> Int) {
        switch choice {
        case 0, 1: send(size())
        case 2, 3: receiverReads()
        case 4: receiverFinishes()
        default: senderReads()
        }
    }

    /// Everything under way arrives and is served, as if nothing else happened.
    mutating func settle() {
        while !toReceiver.isEmpty || !mailbox.isEmpty || !toSender.isEmpty {
            receiverReads()
            receiverFinishes()
            senderReads()
        }
        #expect(waiters.isEmpty, "\(waiters.count) senders wait for credit that never comes")
        #expect(sent == finished)
        #expect(window.messages == credit.messages && window.bytes == credit.bytes)
    }

    func check() {
        #expect(window.messages <= window.maximumMessages)
        #expect(window.bytes <= window.maximumBytes || window.messages == 1)
        // What the sender counts is on its way, in the mailbox, gathered, or on its way back.
        var messages = credit.messages + mailbox.count
        var bytes = credit.bytes + mailbox.reduce(0, +)
        for case let size? in toReceiver {
            messages += 1
            bytes += size
        }
        for case .credit(let count, let size) in toSender {
            messages += count
            bytes += size
        }
        #expect(window.messages == messages && window.bytes == bytes)
        if let first = waiters.first { #expect(!window.admits(first) && hasAsked) }
    }

    private mutating func send(_ size: Int) {
        if waiters.isEmpty && window.admits(size) { return admit(size) }
        waiters.append(size)
        ask()
    }

    private mutating func admit(_ size: Int) {
        window.take(size)
        toReceiver.append(size)
        sent += 1
    }

    private mutating func ask() {
        guard !hasAsked else { return }
        hasAsked = true
        toReceiver.append(nil)
    }

    private mutating func receiverReads() {
        guard !toReceiver.isEmpty else { return }
        if let size = toReceiver.removeFirst() {
            mailbox.append(size)
        } else if let batch = credit.senderWaits() {
            toSender.append(.credit(messages: batch.messages, bytes: batch.bytes))
        }
    }

    private mutating func receiverFinishes() {
        guard !mailbox.isEmpty else { return }
        finished += 1
        if let batch = credit.finished(mailbox.removeFirst()) {
            toSender.append(.credit(messages: batch.messages, bytes: batch.bytes))
        }
    }

    private mutating func senderReads() {
        guard !toSender.isEmpty, case .credit(let messages, let bytes) = toSender.removeFirst() else {
            return
        }
        window.giveBack(messages: messages, bytes: bytes)
        hasAsked = false
        while let first = waiters.first, window.admits(first) {
            waiters.removeFirst()
            admit(first)
        }
        if !waiters.isEmpty { ask() }
    }
}
