import Testing

@testable import WordCount

@Suite struct ReducerFeedTests {
    @Test func `entries are sent in order, a window at a time`() {
        var feed = ReducerFeed(window: 2)
        feed.appended(3)
        #expect(feed.entriesToSend().isEmpty, "nobody is there")
        feed.reducerReady()
        #expect(feed.entriesToSend() == 0..<2)
        #expect(feed.entriesToSend().isEmpty)
        #expect(feed.entrySettled(incarnation: 0) == true)
        #expect(feed.entriesToSend() == 2..<3)
        #expect(!feed.isSettled)
        #expect(feed.entrySettled(incarnation: 0) == true)
        #expect(feed.entrySettled(incarnation: 0) == true)
        #expect(feed.isSettled)
    }

    @Test func `a successor is given everything again, and answers to its predecessor do not count`() {
        var feed = ReducerFeed(window: 8)
        feed.appended(3)
        feed.reducerReady()
        #expect(feed.entriesToSend() == 0..<3)
        #expect(feed.entrySettled(incarnation: 0) == true)
        feed.reducerLost()
        #expect(!feed.isUp)
        #expect(feed.entrySettled(incarnation: 0) == false)
        feed.appended(1)
        feed.reducerReady()
        #expect(feed.entrySettled(incarnation: 0) == false)
        #expect(feed.entriesToSend() == 0..<4)
        #expect(feed.entrySettled(incarnation: 0) == false)
        #expect(feed.redeliveries == 3, "the fourth was never sent before")
        for _ in 0..<4 { #expect(feed.entrySettled(incarnation: 1) == true) }
        #expect(feed.entrySettled(incarnation: 1) == false, "no more than were sent")
        #expect(feed.isSettled)
    }
}
