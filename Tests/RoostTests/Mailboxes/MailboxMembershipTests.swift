import Testing

@testable import Roost

@Suite struct MailboxMembershipTests {
    private typealias Membership = MailboxMembership<Int>

    private struct Mismatch: Error {
        let what: String
        init(_ what: String) { self.what = what }
    }

    @Test func `a mailbox that is not sealed does not end`() {
        var membership = Membership()
        #expect(membership.opening(1) == .admit)
        #expect(membership.leaving(1, leavesElements: false) == .left)
        #expect(!membership.hasEnded)
    }

    @Test func `a sealed mailbox ends with its last sender`() {
        var membership = Membership()
        #expect(membership.opening(1) == .admit)
        #expect(membership.opening(2) == .admit)
        #expect(membership.seal() == [])
        #expect(membership.opening(3) == .refuse(.sealed))
        #expect(membership.leaving(1, leavesElements: true) == .left)
        #expect(!membership.hasEnded)
        #expect(membership.leaving(2, leavesElements: false) == .left)
        #expect(membership.hasEnded)
    }

    @Test func `a mailbox without senders ends when it is sealed`() {
        var membership = Membership()
        #expect(membership.seal() == [])
        #expect(membership.hasEnded)
    }

    @Test func `a sender leaves once and does not come back while its elements are here`() {
        var membership = Membership()
        #expect(membership.opening(1) == .admit)
        #expect(membership.opening(1) == .refuse(.repeated))
        #expect(membership.leaving(1, leavesElements: true) == .left)
        #expect(membership.leaving(1, leavesElements: true) == .ignored)
        #expect(membership.opening(1) == .refuse(.repeated))
        #expect(membership.drained(1) == [])
        #expect(membership.opening(1) == .admit)
    }

    @Test func `new senders wait in order while the elements of many others are left`() {
        var membership = Membership(maximumLeft: 2)
        for sender in 1...3 { #expect(membership.opening(sender) == .admit) }
        for sender in 1...3 { #expect(membership.leaving(sender, leavesElements: true) == .left) }
        for sender in 4...6 { #expect(membership.opening(sender) == .wait) }
        #expect(membership.opening(5) == .refuse(.repeated))
        #expect(membership.leaving(5, leavesElements: false) == .withdrawn)
        #expect(membership.drained(1) == [])
        #expect(membership.drained(2) == [4, 6])
        #expect(membership.open == [4, 6])
    }

    @Test func `those who wait are refused when the mailbox is sealed`() {
        var membership = Membership(maximumLeft: 1)
        #expect(membership.opening(1) == .admit)
        #expect(membership.leaving(1, leavesElements: true) == .left)
        #expect(membership.opening(2) == .wait)
        #expect(membership.seal() == [2])
        #expect(membership.drained(1) == [])
        #expect(membership.hasEnded)
    }

    @Test func `no more than so many are open`() {
        var membership = Membership(maximumOpen: 2)
        #expect(membership.opening(1) == .admit)
        #expect(membership.opening(2) == .admit)
        #expect(membership.opening(3) == .refuse(.full))
        #expect(membership.leaving(1, leavesElements: false) == .left)
        #expect(membership.opening(3) == .admit)
    }

    @Test func `closing tells everybody and ends`() {
        var membership = Membership(maximumLeft: 1)
        #expect(membership.opening(1) == .admit)
        #expect(membership.opening(2) == .admit)
        #expect(membership.leaving(1, leavesElements: true) == .left)
        #expect(membership.opening(3) == .wait)
        #expect(Set(membership.close()) == [2, 3])
        #expect(membership.hasEnded)
        #expect(membership.opening(4) == .refuse(.closed))
        #expect(membership.leaving(2, leavesElements: false) == .ignored)
    }

    @Test func `whatever happens, it ends exactly when it is sealed and nobody is open`() throws {
        // Every sequence of five events with two senders, and room for the elements of one that has left.
        let events = 9
        for number in 0..<59_049 {
            var membership = Membership(maximumLeft: 1)
            var (open, left, waiting, isSealed): (Set<Int>, Set<Int>, [Int], Bool) = ([], [], [], false)
            var rest = number
            for _ in 0..<5 {
                let (event, sender) = (rest % events / 2, rest % 2)
                rest /= events
                switch event {
                case 0:
                    let isKnown = open.contains(sender) || left.contains(sender) || waiting.contains(sender)
                    switch membership.opening(sender) {
                    case .admit:
                        if isKnown || isSealed || !left.isEmpty { throw Mismatch("admitted, \(number)") }
                        open.insert(sender)
                    case .wait:
                        if isKnown || isSealed || left.isEmpty { throw Mismatch("waits, \(number)") }
                        waiting.append(sender)
                    case .refuse(let refusal):
                        if refusal != (isKnown ? .repeated : .sealed) { throw Mismatch("\(number)") }
                    }
                case 1, 2:
                    switch membership.leaving(sender, leavesElements: event == 2) {
                    case .left:
                        if open.remove(sender) == nil { throw Mismatch("left, \(number)") }
                        if event == 2 { left.insert(sender) }
                    case .withdrawn: waiting.removeAll { $0 == sender }
                    case .ignored: if open.contains(sender) { throw Mismatch("ignored, \(number)") }
                    }
                case 3:
                    left.remove(sender)
                    let admitted = membership.drained(sender)
                    waiting.removeAll { admitted.contains($0) }
                    open.formUnion(admitted)
                    if left.isEmpty && !waiting.isEmpty { throw Mismatch("waits for nothing, \(number)") }
                default:
                    waiting.removeAll(where: membership.seal().contains)
                    isSealed = true
                }
                if membership.open != open || membership.hasEnded != (isSealed && open.isEmpty) {
                    throw Mismatch("open \(open), sealed \(isSealed), \(number)")
                }
            }
        }
    }
}
