import RoostTesting
import Testing

@testable import Roost

@Suite struct BarrierStateTests {
    private func place(_ member: UInt64, _ number: UInt64) -> SessionPlace {
        SessionPlace(member: member, number: number)
    }

    private let loss = HolderLoss(name: "one", reason: .crashed(signal: 9))
    private var broken: CoordinationError {
        CoordinationError(.broken, loss: loss, message: "a party is gone")
    }

    @Test func `two parties of one process are two`() {
        var barrier = BarrierState(parties: 2)
        #expect(barrier.received(.join, place(1, 1)) == [SessionAnswer(place(1, 1), 0)])
        #expect(barrier.received(.join, place(1, 2)) == [SessionAnswer(place(1, 2), 0)])
        #expect(barrier.received(.arrive(party: 1), place(1, 3)) == [])
        let answers = barrier.received(.arrive(party: 2), place(1, 4))
        #expect(Set(answers.map(\.place)) == [place(1, 3), place(1, 4)])
        #expect(barrier.meetings == 1 && barrier.waiting == 0)
    }

    @Test func `arriving twice, and without having joined, is refused`() {
        var barrier = BarrierState(parties: 2)
        #expect(barrier.received(.join, place(1, 1)).count == 1)
        #expect(barrier.received(.arrive(party: 1), place(1, 2)) == [])
        for request in [place(1, 3), place(2, 1)] {
            let answers = barrier.received(.arrive(party: 1), request)
            #expect(answers.count == 1)
            if case .failure(let error)? = answers.first?.outcome { #expect(error.code == .notAParty) }
        }
        #expect(barrier.waiting == 1)
    }

    @Test func `each of the rest is told of a loss once, waiting or not`() {
        var barrier = BarrierState(parties: 3)
        for member in 1...3 as ClosedRange<UInt64> {
            #expect(barrier.received(.join, place(member, 1)).count == 1)
        }
        #expect(barrier.received(.arrive(party: 1), place(1, 2)) == [])
        #expect(barrier.left(3, loss) == [SessionAnswer(place(1, 2), broken)])
        #expect(barrier.received(.arrive(party: 1), place(2, 2)) == [SessionAnswer(place(2, 2), broken)])
        #expect(barrier.received(.arrive(party: 1), place(1, 3)) == [])
        #expect(barrier.received(.arrive(party: 1), place(2, 3)) == [])
        #expect(barrier.received(.join, place(4, 1)).count == 1)
        #expect(barrier.received(.arrive(party: 1), place(4, 2)).count == 3)
    }

    @Test func `who leaves by itself breaks nothing`() {
        var barrier = BarrierState(parties: 2)
        for member in 1...2 as ClosedRange<UInt64> {
            #expect(barrier.received(.join, place(member, 1)).count == 1)
        }
        #expect(barrier.received(.arrive(party: 1), place(1, 2)) == [])
        #expect(barrier.withdrawn(place(2, 1)) == [] && barrier.left(2, nil) == [])
        #expect(barrier.joined == 1 && barrier.waiting == 1)
        #expect(barrier.received(.join, place(3, 1)).count == 1)
        #expect(barrier.received(.arrive(party: 1), place(3, 2)).count == 2)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `in any life nobody passes alone, and nobody waits for the dead`(seed: UInt64) {
        let random = SeededGenerator(seed: seed)
        var barrier = BarrierState(parties: 3)
        var number: UInt64 = 0
        var member: UInt64 = 0
        /// The parties, the request each waits by, and whether one was lost since it was last told.
        var parties: [SessionPlace: (waiting: SessionPlace?, isUntold: Bool)] = [:]
        for _ in 0..<3_000 {
            number += 1
            let known = parties.keys.sorted { $0.number < $1.number }
            let chosen = known.isEmpty ? nil : known[random.next(below: known.count)]
            switch (random.next(below: 8), chosen) {
            case (0, let lost?):
                let told = Set(barrier.left(lost.member, loss).map(\.place))
                parties[lost] = nil
                for (party, state) in parties {
                    if let waiting = state.waiting {
                        #expect(told.contains(waiting))
                        parties[party] = (nil, false)
                    } else {
                        parties[party] = (nil, true)
                    }
                }
            case (1...5, let party?):
                let request = place(party.member, number)
                let answers = barrier.received(.arrive(party: party.number), request)
                let state = parties[party] ?? (nil, false)
                if state.waiting != nil {
                    #expect(answers.count == 1)
                } else if state.isUntold {
                    #expect(answers == [SessionAnswer(request, broken)])
                    parties[party] = (nil, false)
                } else {
                    parties[party] = (request, false)
                    let waiting = parties.values.compactMap(\.waiting)
                    #expect(Set(answers.map(\.place)) == (waiting.count == 3 ? Set(waiting) : []))
                    if waiting.count == 3 { for party in parties.keys { parties[party] = (nil, false) } }
                }
            default:
                member += 1
                let answers = barrier.received(.join, place(member, number))
                if parties.count < 3 {
                    #expect(answers == [SessionAnswer(place(member, number), 0)])
                    parties[place(member, number)] = (nil, false)
                } else if case .failure(let error)? = answers.first?.outcome {
                    #expect(error.code == .full)
                }
            }
            #expect(barrier.joined == parties.count)
        }
        #expect(barrier.meetings > 10)
    }
}
