import RoostTesting
import Testing

@testable import Roost

@Suite struct PermitsStateTests {
    private func place(_ member: UInt64, _ number: UInt64) -> SessionPlace {
        SessionPlace(member: member, number: number)
    }

    private func token(_ counter: UInt64) -> FencingToken? { FencingToken(epoch: 0, counter: counter) }

    @Test func `first come, first served, also where fewer would fit`() {
        var permits = PermitsState(total: 3)
        #expect(permits.received(.acquire(2), place(1, 1)) == [SessionAnswer(place(1, 1), token(1))])
        #expect(permits.received(.acquire(2), place(2, 1)) == [])
        #expect(permits.received(.acquire(1), place(3, 1)) == [])
        #expect(permits.received(.attempt(1), place(3, 2)) == [SessionAnswer(place(3, 2), nil)])
        #expect(
            permits.withdrawn(place(1, 1)) == [
                SessionAnswer(place(2, 1), token(2)), SessionAnswer(place(3, 1), token(3)),
            ])
        #expect(permits.free == 0)
    }

    @Test func `who withdraws a wait lets those behind it pass`() {
        var permits = PermitsState(total: 2)
        #expect(permits.received(.acquire(1), place(1, 1)).count == 1)
        #expect(permits.received(.acquire(2), place(2, 1)) == [])
        #expect(permits.received(.acquire(1), place(3, 1)) == [])
        #expect(permits.withdrawn(place(2, 1)) == [SessionAnswer(place(3, 1), token(2))])
    }

    @Test func `a member that is gone gives back everything and waits for nothing`() {
        var permits = PermitsState(total: 4)
        #expect(permits.received(.acquire(1), place(1, 1)).count == 1)
        #expect(permits.received(.acquire(2), place(1, 2)).count == 1)
        #expect(permits.received(.acquire(3), place(1, 3)) == [])
        #expect(permits.received(.acquire(4), place(2, 1)) == [])
        let loss = HolderLoss(name: "one", reason: .crashed(signal: 9))
        #expect(permits.left(1, loss) == [SessionAnswer(place(2, 1), token(3))])
        #expect(permits.withdrawn(place(1, 1)) == [])
        #expect(permits.free == 0 && permits.waiting == 0)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `in any life permits are neither lost nor made`(seed: UInt64) {
        let random = SeededGenerator(seed: seed)
        var permits = PermitsState(total: 5)
        var held: [SessionPlace: Int] = [:]
        var waiting: [SessionPlace: Int] = [:]
        var last = FencingToken(epoch: 0, counter: 0)
        var numbers: UInt64 = 0
        for _ in 0..<2_000 {
            let member = UInt64(random.next(below: 4))
            let answers: [SessionAnswer<FencingToken?>]
            switch random.next(below: 10) {
            case 0..<5:
                numbers += 1
                let count = random.next(below: 5) + 1
                waiting[place(member, numbers)] = count
                answers = permits.received(.acquire(count), place(member, numbers))
            case 5..<9:
                let places = (Array(held.keys) + Array(waiting.keys)).sorted { $0.number < $1.number }
                guard !places.isEmpty else { continue }
                let place = places[random.next(below: places.count)]
                held[place] = nil
                waiting[place] = nil
                answers = permits.withdrawn(place)
            default:
                held = held.filter { $0.key.member != member }
                waiting = waiting.filter { $0.key.member != member }
                answers = permits.left(member, nil)
            }
            for answer in answers {
                guard case .success(let given?) = answer.outcome else {
                    Issue.record("\(answer)")
                    continue
                }
                #expect(given > last)
                last = given
                #expect(held[answer.place] == nil)
                held[answer.place] = waiting.removeValue(forKey: answer.place)
                #expect(held[answer.place] != nil, "given to one that did not wait")
            }
            #expect(permits.free == 5 - held.values.reduce(0, +))
            #expect(permits.waiting == waiting.count)
            let next = waiting.min { $0.key.number < $1.key.number }
            if let next { #expect(next.value > permits.free, "the first could have been served") }
        }
    }
}
