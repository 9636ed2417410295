import Foundation
import Testing

@testable import WordCount

@Suite struct FileSurveyTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `files are found in the order of their names, directories within`() throws {
        for name in ["b", "a/z", "a/.hidden", "a/B/x", "c", "Z"] {
            try directory.write("text".utf8, to: name)
        }
        let survey = FileSurvey([directory.path])
        let names = survey.files.map { $0.path.description.dropFirst(directory.path.description.count + 1) }
        #expect(names == ["Z", "a/.hidden", "a/B/x", "a/z", "b", "c"])
        #expect(survey.byteCount == 24)
        #expect(survey.problems.isEmpty)
    }

    @Test func `a path named twice is counted twice, in the order named`() throws {
        let b = try directory.write("b".utf8, to: "b")
        let a = try directory.write("a".utf8, to: "a")
        #expect(FileSurvey([b, a, b]).files.map(\.path) == [b, a, b])
    }

    @Test func `links are followed, but not into a directory the walk is inside of`() throws {
        try directory.write("text".utf8, to: "real/file")
        try directory.link("file-link", to: "real/file")
        try directory.link("real/up", to: "..")
        try directory.link("real/self", to: ".")
        try directory.link("other", to: "real")
        let survey = FileSurvey([directory.path])
        // Directly, through the link to the file, and through the link to the directory.
        #expect(survey.files.count == 3)
        #expect(survey.problems.isEmpty)
    }

    @Test func `what cannot be counted is named and the rest is found`() throws {
        let good = try directory.write("x".utf8, to: "good")
        let empty = try directory.write([], to: "empty")
        try directory.makeDirectory("hollow")
        try directory.link("dangling", to: "nowhere")
        try directory.link("loop", to: "loop")
        let made = unsafe mkfifo(directory.path("pipe").description, 0o600)
        #expect(made == 0)
        let survey = FileSurvey([directory.path, InputPath("/no/such/file"), good.appending(Array("x".utf8))])
        #expect(survey.files == [FileSurvey.File(path: good, size: 1)])
        let expected = [
            InputProblem(path: directory.path("dangling"), reason: .noSuchFile),
            InputProblem(path: empty, reason: .emptyFile),
            InputProblem(path: directory.path("hollow"), reason: .emptyDirectory),
            InputProblem(path: directory.path("loop"), reason: .unreadable(errno: ELOOP)),
            InputProblem(path: directory.path("pipe"), reason: .notAFile),
            InputProblem(path: InputPath("/no/such/file"), reason: .noSuchFile),
            InputProblem(path: good.appending([0x78]), reason: .unreadable(errno: ENOTDIR)),
        ]
        #expect(survey.problems == expected)
    }

    @Test func `a name that is not UTF-8 is opened by its bytes and shown without harm`() throws {
        let path = directory.path.appending([0x61, 0xff, 0x1b, 0x5b])
        let descriptor = unsafe path.withCString { unsafe open($0, O_CREAT | O_WRONLY, 0o600) }
        #expect(descriptor >= 0)
        let written = unsafe write(descriptor, "word", 4)
        #expect(written == 4)
        close(descriptor)
        let survey = FileSurvey([directory.path])
        #expect(survey.files == [FileSurvey.File(path: path, size: 4)])
        #expect(path.description.hasSuffix("/a\u{fffd}\\u{1b}["))
        #expect(LocalRun(Arguments(), survey).report.words == 1)
    }

    @Test(.enabled(if: geteuid() != 0, "root can read everything"))
    func `an unreadable directory is a problem`() throws {
        try directory.makeDirectory("closed")
        unsafe chmod(directory.path("closed").description, 0)
        let reason = InputProblem.Reason.unreadable(errno: EACCES)
        #expect(FileSurvey([directory.path]).problems.map(\.reason) == [reason])
    }
}
