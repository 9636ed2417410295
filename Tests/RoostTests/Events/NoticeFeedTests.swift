import Testing

@testable import Roost
@testable import RoostTesting

@Suite struct OrderedNoticesTests {
    @Test func `a notice waits for those before it, and comes with those behind it`() {
        var notices = OrderedNotices<String>()
        let places = (0..<4).map { _ in notices.reserve() }
        #expect(notices.fill(places[2], with: "c") == [])
        #expect(notices.fill(places[1], with: "b") == [])
        #expect(notices.fill(places[0], with: "a") == ["a", "b", "c"])
        let last = notices.reserve()
        #expect(notices.fill(last, with: "e") == [])
        #expect(notices.fill(places[3], with: "d") == ["d", "e"])
    }

    @Test func `every order of arrival gives the same order of telling`() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            var notices = OrderedNotices<Int>()
            let places = (0..<8).map { _ in notices.reserve() }
            var told: [Int] = []
            for place in places.shuffled(using: &random) { told += notices.fill(place, with: place) }
            #expect(told == places)
        }
    }
}
