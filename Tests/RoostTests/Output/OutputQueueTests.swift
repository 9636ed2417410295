import Testing

@testable import Roost

@Suite struct OutputQueueTests {
    private func line(_ text: String) -> [UInt8] { Array("\(text)\n".utf8) }

    private func rest(_ queue: inout OutputQueue) -> String {
        var text = ""
        while let chunk = queue.next() { text += String(decoding: chunk, as: UTF8.self) }
        return text
    }

    @Test func `lines come out in order and whole, as many at once as a pipe takes in one piece`() {
        var queue = OutputQueue()
        for number in 1...3_000 { queue.append(line("\(number)")) }
        var text = ""
        while let chunk = queue.next() {
            #expect(chunk.count <= OutputQueue.writeLimit && chunk.last == 10)
            text += String(decoding: chunk, as: UTF8.self)
        }
        #expect(text == (1...3_000).map { "\($0)\n" }.joined())
        #expect(queue.isEmpty && queue.accepted == 3_000 && queue.taken == 3_000)
    }

    @Test func `a line longer than one piece goes alone`() {
        var queue = OutputQueue()
        let long = line(String(repeating: "x", count: 6_000))
        for line in [line("a"), long, line("b")] { queue.append(line) }
        #expect(queue.next() == line("a"))
        #expect(queue.next() == long)
        #expect(queue.next() == line("b"))
        #expect(queue.next() == nil)
    }

    @Test func `what does not fit is dropped and counted where it is missing`() {
        var queue = OutputQueue(limit: 8)
        for text in ["aaa", "bbb", "ccc", "ddd"] { queue.append(line(text)) }
        #expect(
            rest(&queue) == "aaa\nbbb\nroost: 2 lines were dropped here: the output is not read fast enough\n"
        )
        queue.append(line("eee"))
        #expect(rest(&queue) == "eee\n")
        #expect(queue.isEmpty && queue.accepted == queue.taken)
    }

    @Test func `after a loss there is room again when half is written, and the notice comes first`() {
        var queue = OutputQueue(limit: 8_192)
        let half = line(String(repeating: "x", count: 4_090))
        for _ in 1...3 { queue.append(half) }
        queue.append(line("lost too, though it would fit"))
        #expect(queue.next() == half)
        queue.append(line("kept"))
        #expect(queue.next() == half)
        #expect(
            rest(&queue) == "roost: 2 lines were dropped here: the output is not read fast enough\nkept\n")
    }

    @Test func `a line larger than the whole queue is taken in alone`() {
        var queue = OutputQueue(limit: 4)
        queue.append(line("long"))
        #expect(queue.next() == line("long"))
    }

    @Test func `nothing is left after everything was given up`() {
        var queue = OutputQueue(limit: 4)
        for text in ["one", "two", "three"] { queue.append(line(text)) }
        queue.removeAll()
        #expect(queue.isEmpty && queue.next() == nil && queue.accepted == queue.taken)
    }
}
