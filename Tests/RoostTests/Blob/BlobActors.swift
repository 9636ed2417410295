import Distributed
import Foundation
import Glibc
import RoostPlatform
import RoostTesting

struct Evidence: Error, Codable { var blob: Blob }

struct Album: Codable, Sendable, Equatable {
    var title: String
    var cover: Blob?
    var pictures: [Blob]
    var byName: [String: Blob]
}

/// A blob, and then something that cannot be decoded.
struct Spoilt: Codable, Sendable {
    var blob: Blob
    var rest = Undecodable()
}

/// Takes, keeps and gives blobs.
distributed actor Gallery: ProcessActor {
    private var kept: [Blob] = []

    distributed func keep(_ blob: Blob) { kept.append(blob) }
    distributed func drop() { kept = [] }
    distributed func sum(_ blob: Blob) -> Int { blob.checksum }
    distributed func sumOfKept() -> Int { kept.reduce(0) { $0 + $1.checksum } }
    distributed func make(_ count: Int) throws -> Blob { try Blob(copying: blobBytes(count)) }
    distributed func echo(_ blob: Blob) -> Blob { blob }
    distributed func count(_ blobs: [Blob]) -> Int { blobs.count }
    distributed func echo(_ album: Album) -> Album { album }
    distributed func fail(with count: Int) throws {
        throw Evidence(blob: try Blob(copying: blobBytes(count)))
    }
    distributed func makeMany(_ count: Int) throws -> [Blob] {
        try (0..<count).map { try Blob(copying: [UInt8(truncatingIfNeeded: $0)]) }
    }
    distributed func take(_ spoilt: Spoilt) {}
    /// Passes the blob on to another actor.
    distributed func hand(_ blob: Blob, to other: Gallery) async throws -> Int { try await other.sum(blob) }
    distributed func sleepForEver(_ signal: Signal) async throws { try await sleepUntilCancelled(signal) }
    distributed func processID() -> Int32 { getpid() }
    distributed func openBlobs() -> Int { openMemoryFiles().count }
    /// The error number of an attempt to write to each of the kept.
    distributed func tryToWrite() -> [Int32] {
        openMemoryFiles().flatMap { raw, _ in
            [
                unsafe pwrite(raw, [1], 1, 0) < 0 ? errno : 0,
                ftruncate(raw, 0) < 0 ? errno : 0,
                unsafe mmap(nil, 1, PROT_WRITE, MAP_SHARED, raw, 0) == MAP_FAILED ? errno : 0,
            ]
        }
    }
    /// Opens as many descriptors as there may be, but for `free`.
    distributed func useUpDescriptors(except free: Int) {
        var opened: [Int32] = []
        while case let raw = dup(0), raw >= 0 { opened.append(raw) }
        for raw in opened.suffix(free) { close(raw) }
    }
    /// Writes these bytes to every socket of this process but its control socket, with descriptors.
    distributed func write(_ bytes: [UInt8], descriptors: Int) {
        let sent = [Int32](repeating: 0, count: descriptors)
        for raw in 5..<64 as Range<Int32> {
            unsafe bytes.withUnsafeBytes { unsafe _ = Sockets.send(raw, $0, descriptors: sent) }
        }
        while true { pause() }
    }
    /// A blob behind whose back its descriptor has become another: memory that can change, or no memory at all.
    distributed func makeFake(ofMemory: Bool) throws -> Blob {
        let blob = try Blob(copying: blobBytes(5_000))
        for (raw, _) in openMemoryFiles() {
            let other = ofMemory ? unsealedMemoryFile(of: 5_000) : dup(0)
            dup2(other, raw)
            close(other)
        }
        return blob
    }
}

func blobBytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) } }

extension Blob {
    var checksum: Int { unsafe withUnsafeBytes { unsafe $0.reduce(0) { $0 &+ Int($1) } } }
    var array: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}

/// The descriptors of this process that are memory files, with their inodes.
func openMemoryFiles(of process: String = "self") -> [(raw: Int32, inode: UInt64)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")) ?? []
    return names.compactMap { Int32($0) }.compactMap { raw in
        var text = [CChar](repeating: 0, count: 64)
        let path = "/proc/\(process)/fd/\(raw)"
        let count = unsafe readlink(path, &text, 63)
        guard count > 0 else { return nil }
        let name = String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        var status = Glibc.stat()
        guard name.hasPrefix("/memfd:roost-blob"), unsafe stat(path, &status) == 0 else { return nil }
        return (raw, UInt64(status.st_ino))
    }
}

func unsealedMemoryFile(of count: Int) -> Int32 {
    // The module of the C library does not have it.
    typealias Create = @convention(c) (UnsafePointer<CChar>, UInt32) -> Int32
    let create = unsafe unsafeBitCast(dlsym(nil, "memfd_create"), to: Create.self)
    let raw = unsafe create("roost-blob", 3)
    unsafe _ = write(raw, blobBytes(count), count)
    return raw
}
