import Foundation
import Glibc
import RoostPlatform
import RoostTesting
import Testing

@testable import Roost

@Suite struct BlobTests {
    @Test(arguments: [0, 1, 4_096, 100_001]) func `a blob has the bytes it was made of`(_ count: Int) throws {
        let bytes = blobBytes(count)
        #expect(try Blob(copying: bytes).array == bytes)
        #expect(try Blob(copying: bytes[...]).array == bytes)
        #expect(try Blob(copying: AnySequence(bytes)).array == bytes)
        #expect(unsafe try Blob(copying: bytes.span.bytes).array == bytes)
        #expect(try Blob(copying: bytes).count == count)
    }

    @Test func `a blob is filled from its first byte on`() throws {
        let squares = try Blob(capacity: 1_000) { output in
            for number in UInt8(0)..<10 { output.append(number * number) }
        }
        #expect(squares.array == [0, 1, 4, 9, 16, 25, 36, 49, 64, 81])
        #expect(try Blob(capacity: 0) { _ in }.count == 0)
    }

    @Test func `a blob is filled in any order, and is 0 elsewhere`() throws {
        let blob = try Blob(count: 6) { span in
            span.storeBytes(of: 7, toByteOffset: 4, as: UInt8.self)
            span.storeBytes(of: 9, toByteOffset: 1, as: UInt8.self)
        }
        #expect(blob.array == [0, 9, 0, 0, 7, 0])
    }

    @Test func `an error while filling is the error`() {
        #expect(throws: Broken(why: "no")) { _ = try Blob(capacity: 9) { _ in throw Broken(why: "no") } }
        #expect(throws: Broken(why: "no")) { _ = try Blob(count: 9) { _ in throw Broken(why: "no") } }
    }

    @Test func `a blob is made of a descriptor's contents`() throws {
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        #expect(unsafe write(ends[1], blobBytes(3_000), 3_000) == 3_000)
        close(ends[1])
        defer { close(ends[0]) }
        #expect(try Blob(contentsOf: ends[0]).array == blobBytes(3_000))
    }

    @Test func `what cannot be had is an error with the system's number`() {
        let none = #expect(throws: BlobError.self) { try Blob(contentsOf: -1) }
        #expect(none?.errorNumber == EBADF)
        let much = #expect(throws: BlobError.self) { try Blob(capacity: 1 << 60) { _ in } }
        #expect(much?.errorNumber == ENOMEM)
        #expect(much?.description.hasPrefix("a blob could not be made: ") == true)
    }

    @Test func `the bytes are read where they are`() throws {
        let blob = try Blob(copying: blobBytes(10_000))
        let bytes = blob.bytes
        #expect(bytes.byteCount == 10_000)
        #expect(unsafe bytes.unsafeLoad(fromByteOffset: 9_999, as: UInt8.self) == blobBytes(10_000)[9_999])
        let places = (0..<2).map { _ in unsafe blob.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } }
        #expect(places[0] == places[1])
    }

    @Test func `blobs of the same bytes are equal`() throws {
        let blob = try Blob(copying: blobBytes(100))
        let copy = blob
        #expect(blob == copy)
        #expect(try blob == Blob(copying: blobBytes(100)))
        #expect(try blob != Blob(copying: blobBytes(99)))
        #expect(try blob != Blob(copying: [UInt8](repeating: 0, count: 100)))
        #expect(try Blob(copying: []) == Blob(copying: []))
    }

    @Test func `other coders write its bytes`() throws {
        let blob = try Blob(copying: [1, 2, 3])
        let text = try JSONEncoder().encode([blob])
        #expect(String(decoding: text, as: UTF8.self) == "[[1,2,3]]")
        #expect(try JSONDecoder().decode([Blob].self, from: text) == [blob])
    }

    @Test func `nothing is left open when the last copy is gone`() throws {
        var blob: Blob? = try Blob(copying: blobBytes(5_000))
        var copy = blob
        let inode = try #require(blob.map(inode(of:)))
        #expect(blob?.checksum == copy?.checksum)
        blob = nil
        #expect(openMemoryFiles().contains { $0.inode == inode })
        copy = nil
        #expect(!openMemoryFiles().contains { $0.inode == inode })
    }
}

/// The number that the system knows its memory by.
func inode(of blob: Blob) -> UInt64 {
    var status = stat()
    return unsafe fstat(blob.memory.raw, &status) == 0 ? UInt64(status.st_ino) : 0
}
