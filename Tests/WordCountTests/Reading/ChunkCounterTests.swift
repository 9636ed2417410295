import Foundation
import Testing

@testable import WordCount

@Suite struct ChunkCounterTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `a report has the words, the bytes, and a list of parts for each reducer`() throws {
        let path = try directory.write("one two two".utf8, to: "file")
        var counter = ChunkCounter(mode: .unicode, reducers: 3)
        let report = counter.count(chunk(path, 0..<11, ofSize: 11))
        #expect(report.words == 3)
        #expect(report.bytes == 11)
        #expect(report.parts.count == 3)
        #expect(report.problems.isEmpty)
        #expect(counter.count(chunk(path, 0..<11, ofSize: 11)).parts == report.parts)
    }

    @Test func `a file that became shorter is counted as far as it goes, and named`() throws {
        let path = try directory.write("one two".utf8, to: "file")
        var counter = ChunkCounter(mode: .ascii, reducers: 1)
        let first = counter.count(chunk(path, 0..<50, ofSize: 100))
        #expect(first.bytes == 7)
        #expect(first.words == 2)
        #expect(first.problems == [InputProblem(path: path, reason: .truncated(expected: 100, at: 7))])
        let second = counter.count(chunk(path, 50..<100, ofSize: 100))
        #expect(second.bytes == 0)
        #expect(second.problems == [InputProblem(path: path, reason: .truncated(expected: 100, at: 7))])
    }

    @Test func `a file that grew is counted as long as it was`() throws {
        let path = try directory.write("one two three".utf8, to: "file")
        var counter = ChunkCounter(mode: .ascii, reducers: 1)
        let report = counter.count(chunk(path, 0..<9, ofSize: 9))
        #expect(report.bytes == 9)
        #expect(try words(report) == [Array("one".utf8): 1, Array("two".utf8): 1, Array("t".utf8): 1])
    }

    @Test func `a binary file is named once and counted`() throws {
        let path = try directory.write("one\0two".utf8, to: "file")
        var counter = ChunkCounter(mode: .ascii, reducers: 1)
        let first = counter.count(chunk(path, 0..<4, ofSize: 7))
        let second = counter.count(chunk(path, 4..<7, ofSize: 7))
        #expect(first.words + second.words == 2)
        #expect(first.problems == [InputProblem(path: path, reason: .binary)])
        #expect(second.problems.isEmpty)
    }

    @Test func `a file that has gone does not keep others from being counted`() throws {
        let path = try directory.write("one".utf8, to: "file")
        let gone = directory.path("gone")
        var counter = ChunkCounter(mode: .ascii, reducers: 1)
        let report = counter.count(
            Chunk(
                id: 0,
                ranges: [
                    FileRange(path: gone, start: 0, end: 9, fileSize: 9),
                    FileRange(path: directory.path, start: 0, end: 9, fileSize: 9),
                    FileRange(path: path, start: 0, end: 3, fileSize: 3),
                ]))
        #expect(report.words == 1)
        #expect(report.problems.map(\.reason) == [.noSuchFile, .notAFile])
    }

    @Test func `words do not run from one file into the next`() throws {
        let first = try directory.write("wo".utf8, to: "1")
        let second = try directory.write("rd".utf8, to: "2")
        var counter = ChunkCounter(mode: .unicode, reducers: 1)
        let ranges = [first, second].map { FileRange(path: $0, start: 0, end: 2, fileSize: 2) }
        #expect(counter.count(Chunk(id: 0, ranges: ranges)).words == 2)
    }

    private func chunk(_ path: InputPath, _ bytes: Range<Int>, ofSize size: Int) -> Chunk {
        let range = FileRange(path: path, start: bytes.lowerBound, end: bytes.upperBound, fileSize: size)
        return Chunk(id: 0, ranges: [range])
    }

    private func words(_ report: ChunkReport) throws -> [[UInt8]: UInt64] {
        var combiner = Combiner()
        for part in report.parts.joined() { try combiner.merge(part) }
        return combiner.dictionary
    }
}
