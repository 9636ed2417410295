import Testing

@testable import Roost

@Suite struct LatchStateTests {
    private func place(_ member: UInt64, _ number: UInt64) -> SessionPlace {
        SessionPlace(member: member, number: number)
    }

    private let done = LatchState.Reply()
    private let loss = HolderLoss(name: "one", reason: .exited(code: 3))

    @Test func `those that wait are let go at zero, not before, and once`() {
        var latch = LatchState(count: 2)
        #expect(latch.received(.wait, place(1, 1)) == [])
        #expect(latch.received(.wait, place(2, 1)) == [])
        #expect(latch.countDown(by: 1) == [])
        #expect(
            latch.countDown(by: 5) == [SessionAnswer(place(1, 1), done), SessionAnswer(place(2, 1), done)])
        #expect(latch.countDown(by: 1) == [] && latch.count == 0)
        #expect(latch.received(.wait, place(1, 2)) == [SessionAnswer(place(1, 2), done)])
    }

    @Test func `who is gone or has withdrawn is not told`() {
        var latch = LatchState(count: 1)
        #expect(latch.received(.wait, place(1, 1)) == [])
        #expect(latch.received(.wait, place(2, 1)) == [])
        #expect(latch.received(.wait, place(3, 1)) == [])
        #expect(latch.left(1, loss) == [] && latch.withdrawn(place(2, 1)) == [])
        #expect(latch.loss == nil && latch.waiting == 1)
        #expect(latch.countDown(by: 1) == [SessionAnswer(place(3, 1), done)])
    }

    @Test func `a promise counts down when it is kept, once`() {
        var latch = LatchState(count: 2)
        #expect(latch.received(.promise, place(1, 1)) == [SessionAnswer(place(1, 1), done)])
        #expect(latch.received(.wait, place(2, 1)) == [])
        #expect(latch.received(.keep(promise: 1), place(1, 2)) == [SessionAnswer(place(1, 2), done)])
        #expect(latch.received(.keep(promise: 1), place(1, 3)) == [SessionAnswer(place(1, 3), done)])
        #expect(latch.count == 1)
        // What was kept is not broken by its holder's end.
        #expect(latch.withdrawn(place(1, 1)) == [] && latch.left(1, loss) == [])
        #expect(latch.loss == nil)
    }

    @Test func `a lost promise breaks the latch until it is reset, an open one stays open`() {
        var latch = LatchState(count: 1)
        #expect(latch.received(.promise, place(1, 1)).count == 1)
        #expect(latch.received(.wait, place(2, 1)) == [])
        let broken = CoordinationError(
            .broken, loss: loss, message: "a count was promised and not counted down")
        #expect(latch.left(1, loss) == [SessionAnswer(place(2, 1), broken)])
        #expect(latch.received(.wait, place(3, 1)) == [SessionAnswer(place(3, 1), broken)])
        #expect(latch.reset(to: 1) == [])
        #expect(latch.received(.wait, place(3, 2)) == [])
        #expect(latch.received(.promise, place(2, 2)).count == 1)
        #expect(latch.countDown(by: 1) == [SessionAnswer(place(3, 2), done)])
        #expect(latch.left(2, loss) == [])
        #expect(latch.received(.wait, place(3, 3)) == [SessionAnswer(place(3, 3), done)])
    }
}
