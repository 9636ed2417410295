import Testing

@testable import Roost

@Suite struct CreditPoolTests {
    private typealias Pool = CreditPool<Character>

    private static let room = CreditShare(messages: 320, bytes: 3_200)

    private func limit(_ messages: Int) -> CreditShare {
        CreditShare(messages: messages, bytes: messages * 10)
    }

    @Test func `a first grant is a thirty-second of the room, and never nothing`() {
        #expect(Self.room.firstGrant == limit(10))
        #expect(CreditShare(messages: 1, bytes: 1).firstGrant == CreditShare(messages: 1, bytes: 1))
    }

    @Test func `the only sender that needs more gets all the room`() {
        var pool = Pool(room: Self.room)
        #expect(pool.wants("a") == [.init(sender: "a", limit: limit(320), isLowered: false)])
        #expect(pool.wants("a") == [.init(sender: "a", limit: limit(320), isLowered: false)])
    }

    @Test func `a second one gets its half when the first has confirmed that it keeps to the other`() {
        var pool = Pool(room: Self.room)
        _ = pool.wants("a")
        #expect(
            pool.wants("b") == [
                .init(sender: "a", limit: limit(165), isLowered: true),
                .init(sender: "b", limit: limit(10), isLowered: false),
            ])
        #expect(
            pool.confirmed("a", count: 1, givesBack: false) == [
                .init(sender: "b", limit: limit(165), isLowered: false)
            ])
        #expect(pool.granted == limit(310))
    }

    @Test func `one with nothing under way gives back its share, and the other gets everything`() {
        var pool = Pool(room: Self.room)
        _ = pool.wants("a")
        _ = pool.wants("b")
        #expect(
            pool.confirmed("a", count: 1, givesBack: true) == [
                .init(sender: "b", limit: limit(320), isLowered: false)
            ])
    }

    @Test func `what a sender that is no more had goes to the others`() {
        var pool = Pool(room: Self.room)
        _ = pool.wants("a")
        _ = pool.wants("b")
        #expect(pool.left("a") == [.init(sender: "b", limit: limit(320), isLowered: false)])
        #expect(pool.left("a") == [])
        #expect(pool.left("b") == [])
        #expect(pool.granted == .none)
    }

    @Test func `a sender that sends no more keeps only what it has there`() {
        var pool = CreditPool<String>(room: CreditShare(messages: 64, bytes: 6_400))
        #expect(pool.wants("a").map(\.limit.messages) == [64])
        // Its share would be lowered for another, and it would never confirm that.
        #expect(pool.leaving("a", holding: CreditShare(messages: 5, bytes: 500)).isEmpty)
        #expect(pool.granted == CreditShare(messages: 3, bytes: 300))
        #expect(pool.wants("b").map(\.limit.messages) == [2 + 59])
        #expect(pool.left("a").map(\.limit.messages) == [64])
        #expect(pool.leaving("nobody", holding: .none).isEmpty)
    }

    @Test func `two lowered limits are confirmed before anything is granted to another`() {
        var pool = Pool(room: Self.room)
        _ = pool.wants("a")
        _ = pool.wants("b")
        #expect(
            pool.wants("c") == [
                .init(sender: "a", limit: CreditShare(messages: 113, bytes: 1_133), isLowered: true),
                .init(sender: "c", limit: limit(10), isLowered: false),
            ])
        #expect(pool.confirmed("a", count: 1, givesBack: false) == [])
        let changes = pool.confirmed("a", count: 1, givesBack: false)
        #expect(Set(changes.map(\.sender)) == ["b", "c"])
        #expect(changes.allSatisfy { $0.limit == CreditShare(messages: 113, bytes: 1_133) && !$0.isLowered })
    }

    @Test func `more senders than there is room for have their first grants`() {
        var pool = CreditPool<Int>(room: CreditShare(messages: 4, bytes: 4))
        for sender in 0..<10 {
            let changes = pool.wants(sender)
            #expect(changes.last?.sender == sender)
            for change in changes where change.isLowered {
                _ = pool.confirmed(change.sender, count: 1, givesBack: false)
            }
        }
        #expect(pool.granted == .none)
    }

    @Test func `nobody is told anything that he did not ask for or that has not changed`() {
        var pool = Pool(room: Self.room)
        #expect(pool.confirmed("x", count: 1, givesBack: true) == [])
        _ = pool.wants("a")
        #expect(pool.confirmed("a", count: 1, givesBack: false) == [])
    }
}
