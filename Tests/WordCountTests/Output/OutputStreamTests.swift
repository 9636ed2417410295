import Foundation
import Testing

@testable import WordCount

@Suite struct OutputStreamTests {
    @Test func `lines are count, tab, word`() throws {
        let pipe = Pipe()
        var stream = OutputStream(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        try stream.writeCount(12, of: Array("wörd".utf8))
        try stream.writeCount(.max, of: Array("a".utf8))
        try stream.flush()
        try pipe.fileHandleForWriting.close()
        let text = try pipe.fileHandleForReading.readToEnd() ?? Data()
        #expect(String(decoding: text, as: UTF8.self) == "12\twörd\n18446744073709551615\ta\n")
    }

    @Test func `a reader that has gone away is an error`() throws {
        signal(SIGPIPE, SIG_IGN)
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        #expect(throws: SystemError(EPIPE)) {
            var stream = OutputStream(descriptor: descriptor)
            try stream.write("text".utf8)
            try stream.flush()
        }
    }

    @Test func `a full disk is an error`() throws {
        let full = try FileHandle(forWritingTo: URL(filePath: "/dev/full"))
        let descriptor = full.fileDescriptor
        #expect(throws: SystemError(ENOSPC)) {
            var stream = OutputStream(descriptor: descriptor, bufferSize: 1)
            try stream.write("text".utf8)
        }
    }

    @Test func `a non-blocking descriptor is waited for`() async throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        let reader = pipe.fileHandleForReading
        async let read = reader.readToEnd()?.count
        var stream = OutputStream(descriptor: descriptor)
        // Far more than a pipe holds.
        try stream.write(Array(repeating: UInt8(ascii: "x"), count: 1 << 20))
        try stream.flush()
        try pipe.fileHandleForWriting.close()
        #expect(try await read == 1 << 20)
    }
}
