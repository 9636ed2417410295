import RoostTesting
import Testing

@testable import Roost

@Suite struct CreditWindowTests {
    // MARK: The sender's side

    @Test func `a window admits as many messages as it has places`() {
        var window = CreditWindow(CreditShare(messages: 3, bytes: 1_000))
        for _ in 0..<3 {
            #expect(window.admits(10))
            window.take(10)
        }
        #expect(!window.admits(0))
        window.giveBack(messages: 1, bytes: 10)
        #expect(window.admits(10))
    }

    @Test func `a window admits as many bytes as it has`() {
        var window = CreditWindow(CreditShare(messages: 100, bytes: 100))
        window.take(60)
        #expect(window.admits(40))
        #expect(!window.admits(41))
        window.take(40)
        #expect(!window.admits(1))
        #expect(window.admits(0))
    }

    @Test func `a message larger than the window is admitted alone`() {
        var window = CreditWindow(CreditShare(messages: 10, bytes: 100))
        #expect(window.admits(5_000))
        window.take(1)
        #expect(!window.admits(5_000))
        window.giveBack(messages: 1, bytes: 1)
        window.take(5_000)
        #expect(!window.admits(0) && !window.admits(1))
        window.giveBack(messages: 1, bytes: 5_000)
        #expect(window == CreditWindow(CreditShare(messages: 10, bytes: 100)))
    }

    @Test func `late returns do not enlarge the window`() {
        var window = CreditWindow(CreditShare(messages: 2, bytes: 100))
        window.giveBack(messages: 5, bytes: 500)
        #expect(window == CreditWindow(CreditShare(messages: 2, bytes: 100)))
        window.take(100)
        #expect(!window.admits(1))
    }

    // MARK: The receiver's side

    @Test func `what is finished goes back when a quarter of the messages has gathered`() {
        var credit = CreditReturn(CreditShare(messages: 16, bytes: 1_000_000))
        for _ in 0..<3 { #expect(credit.finished(5) == nil) }
        #expect(credit.finished(5) ?? (0, 0) == (4, 20))
        #expect(credit.finished(5) == nil)
    }

    @Test func `what is finished goes back when a quarter of the bytes has gathered`() {
        var credit = CreditReturn(CreditShare(messages: 1_000, bytes: 400))
        #expect(credit.finished(99) == nil)
        #expect(credit.finished(1) ?? (0, 0) == (2, 100))
        #expect(credit.finished(5_000) ?? (0, 0) == (1, 5_000))
    }

    @Test(arguments: [(1, 1), (2, 3), (3, 100)]) func `in a tiny window each message goes back at once`(
        _ messages: Int, _ bytes: Int
    ) {
        var credit = CreditReturn(CreditShare(messages: messages, bytes: bytes))
        for _ in 0..<5 { #expect(credit.finished(7) ?? (0, 0) == (1, 7)) }
    }

    @Test func `a sender that waits gets at once what has gathered`() {
        var credit = CreditReturn(CreditShare(messages: 100, bytes: 10_000))
        _ = credit.finished(10)
        _ = credit.finished(20)
        #expect(credit.senderWaits() ?? (0, 0) == (2, 30))
        #expect(credit.finished(10) == nil)
    }

    @Test func `a sender that waits while nothing has gathered gets the next at once`() {
        var credit = CreditReturn(CreditShare(messages: 100, bytes: 10_000))
        #expect(credit.senderWaits() == nil)
        #expect(credit.finished(10) ?? (0, 0) == (1, 10))
        #expect(credit.finished(10) == nil)
    }

    @Test func `a return follows the sender's window`() {
        var credit = CreditReturn(CreditShare(messages: 4, bytes: 100))
        #expect(credit.finished(1) ?? (0, 0) == (1, 1))
        credit.changeWindow(to: CreditShare(messages: 8, bytes: 100))
        #expect(credit.finished(1) == nil)
        #expect(credit.finished(1) ?? (0, 0) == (2, 2))
    }

    @Test func `a window whose limit is lowered admits nothing until it keeps to it`() {
        var window = CreditWindow(CreditShare(messages: 4, bytes: 100))
        for _ in 0..<4 { window.take(10) }
        window.limit = CreditShare(messages: 2, bytes: 100)
        #expect(!window.isWithinLimit && !window.admits(1))
        window.giveBack(messages: 2, bytes: 20)
        #expect(window.isWithinLimit && !window.admits(1))
        window.giveBack(messages: 1, bytes: 10)
        #expect(window.admits(1))
    }
}
