import Testing

@testable import Roost

@Suite struct ChannelStateTests {
    private typealias State = ChannelState<Int, String>

    private func place(_ member: UInt64, _ number: UInt64) -> SessionPlace {
        SessionPlace(member: member, number: number)
    }

    private let loss = HolderLoss(name: "one", reason: .crashed(signal: 9))
    private let left = HolderLoss(name: "the other end", reason: .normal)

    private func gone(_ place: SessionPlace, _ loss: HolderLoss) -> SessionAnswer<State.Reply> {
        SessionAnswer(
            place, CoordinationError(.broken, loss: loss, message: "the channel's other end is gone"))
    }

    /// Addresses of two mailboxes.
    private func addresses() async throws -> (ProcessActorSystem, MailboxAddress<Int>, MailboxAddress<String>)
    {
        let system = try await ProcessActorSystem.start()
        let numbers = try await system.makeMailbox(of: Int.self)
        let texts = try await system.makeMailbox(of: String.self)
        return (system, numbers.address, texts.address)
    }

    @Test func `each end is given the other's address, whichever opens first, and both connect`() async throws
    {
        let (system, numbers, texts) = try await addresses()
        for isSecondFirst in [false, true] {
            var state = State()
            let first = { (state: inout State) in state.received(.openFirst(numbers), place(1, 1)) }
            let second = { (state: inout State) in state.received(.openSecond(texts), place(2, 1)) }
            #expect((isSecondFirst ? second(&state) : first(&state)) == [])
            let answers = isSecondFirst ? first(&state) : second(&state)
            #expect(Set(answers.map(\.place)) == [place(1, 1), place(2, 1)])
            for answer in answers {
                let expected: State.Reply = answer.place.member == 1 ? .second(texts) : .first(numbers)
                #expect(try answer.outcome.get() == expected)
            }
            #expect(state.received(.connected, place(1, 2)) == [] && !state.isConnected)
            #expect(state.received(.connected, place(2, 2)).map(\.place) == [place(1, 2), place(2, 2)])
            #expect(state.isConnected && state.isOver)
            // What happens from now on is told by the mailboxes.
            #expect(state.left(1, loss) == [] && state.left(2, loss) == [])
        }
        await system.stop()
    }

    @Test func `an end is opened once`() async throws {
        let (system, numbers, texts) = try await addresses()
        var state = State()
        #expect(state.received(.openFirst(numbers), place(1, 1)) == [])
        let answers = state.received(.openFirst(numbers), place(2, 1))
        if case .failure(let error)? = answers.first?.outcome { #expect(error.code == .taken) }
        #expect(answers.map(\.place) == [place(2, 1)])
        #expect(state.received(.openSecond(texts), place(2, 2)).count == 2)
        await system.stop()
    }

    @Test func `who waits is told when the other is lost, before it has opened and after`() async throws {
        let (system, numbers, texts) = try await addresses()
        var state = State()
        #expect(state.received(.holdSecond, place(2, 1)) == [SessionAnswer(place(2, 1), .done)])
        #expect(state.received(.openFirst(numbers), place(1, 1)) == [])
        #expect(state.left(2, loss) == [gone(place(1, 1), loss)])
        state = State()
        #expect(state.received(.openSecond(texts), place(2, 1)) == [])
        #expect(state.received(.openFirst(numbers), place(1, 1)).count == 2)
        #expect(state.received(.connected, place(1, 2)) == [])
        #expect(state.left(2, loss) == [gone(place(1, 2), loss)])
        state = State()
        #expect(state.received(.openSecond(texts), place(2, 1)) == [])
        #expect(state.left(2, loss) == [])
        #expect(state.received(.openFirst(numbers), place(1, 1)) == [gone(place(1, 1), loss)])
        await system.stop()
    }

    @Test func `an end is gone with its last holder, unless that had sent it on`() async throws {
        let (system, numbers, _) = try await addresses()
        var state = State()
        for member in 2...3 as ClosedRange<UInt64> {
            #expect(state.received(.holdSecond, place(member, 1)).count == 1)
        }
        #expect(state.received(.openFirst(numbers), place(1, 1)) == [])
        #expect(state.left(2, loss) == [])
        #expect(state.withdrawn(place(3, 1)) == [gone(place(1, 1), left)])
        state = State()
        #expect(state.received(.holdSecond, place(2, 1)).count == 1)
        #expect(state.received(.openFirst(numbers), place(1, 1)) == [])
        #expect(state.received(.passOn(1), place(2, 2)) == [SessionAnswer(place(2, 2), .done)])
        #expect(state.withdrawn(place(2, 1)) == [] && state.left(2, loss) == [])
        // To one that drops it, of which that is heard of first or last.
        #expect(state.received(.holdSecond, place(3, 1)).count == 1)
        #expect(state.received(.passOn(1), place(3, 2)).count == 1)
        #expect(state.received(.holdSecond, place(4, 1)).count == 1)
        #expect(state.left(4, loss) == [gone(place(1, 1), loss)])
        state = State()
        #expect(state.received(.openFirst(numbers), place(1, 1)) == [])
        #expect(state.received(.holdSecond, place(2, 1)).count == 1)
        #expect(state.received(.holdSecond, place(3, 1)).count == 1)
        #expect(state.withdrawn(place(3, 1)) == [])
        #expect(
            state.received(.passOn(1), place(2, 2)) == [
                SessionAnswer(place(2, 2), .done), gone(place(1, 1), left),
            ])
        await system.stop()
    }
}
