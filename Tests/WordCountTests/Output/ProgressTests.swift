import Testing

@testable import WordCount

@Suite struct ProgressTests {
    let halfway = Progress(
        bytes: 100_000_000, totalBytes: 200_000_000, elapsed: .milliseconds(500), liveWorkers: 3, workers: 4,
        restarts: 1, queueDepth: 5)

    @Test func `the line says all there is to know`() {
        let expected =
            "50 % of 200.0 MB, 200 MB/s, 500 ms left, 3/4 workers, 1 restart, 5 queued"
        #expect(halfway.line == expected)
        #expect(Progress().line.hasPrefix("0 % of 0 B, 0 MB/s, time left unknown"))
    }

    @Test func `a terminal has one line, written over, never wrapped, ten times a second at most`() {
        var display = ProgressDisplay(isTerminal: true, columns: 21)
        var progress = halfway
        #expect(display.show(progress) == "\r\u{1b}[K50 % of 200.0 MB, 20")
        progress.elapsed += .milliseconds(99)
        #expect(display.show(progress) == nil)
        progress.elapsed += .milliseconds(1)
        #expect(display.show(progress) != nil)
        #expect(display.makeRoom() == "\r\u{1b}[K")
        #expect(display.makeRoom() == "")
    }

    @Test func `elsewhere there are whole lines without control characters, and few`() {
        var display = ProgressDisplay(isTerminal: false)
        var progress = halfway
        #expect(display.show(progress) == nil)
        progress.elapsed = .seconds(5)
        #expect(display.show(progress) == progress.line + "\n")
        progress.elapsed = .seconds(9)
        #expect(display.show(progress) == nil)
        #expect(display.makeRoom() == "")
    }

    @Test func `measures read as people write them`() {
        #expect(Measure.bytes(999) == "999 B")
        #expect(Measure.bytes(1_000) == "1.0 kB")
        #expect(Measure.bytes(999_960) == "1.0 MB")
        #expect(Measure.bytes(2_500_000_000) == "2.5 GB")
        #expect(Measure.time(.milliseconds(7)) == "7 ms")
        #expect(Measure.time(.milliseconds(2_500)) == "2.5 s")
        #expect(Measure.time(.seconds(187)) == "3:07")
        #expect(Measure.fixed(-0.04, decimals: 1) == "0.0")
        #expect(Measure.fixed(1.005, decimals: 0) == "1")
        #expect(Measure.fixed(12.0349, decimals: 3) == "12.035")
    }
}
