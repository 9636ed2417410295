import Glibc
import RoostPlatform
import Testing

@Suite struct SealedMemoryTests {
    private static let page = 4_096

    private static func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    }

    private func made(_ bytes: [UInt8]) throws -> SealedMemory {
        try unsafe bytes.withUnsafeBytes { try unsafe SealedMemory(copying: $0) }
    }

    private func contents(_ memory: SealedMemory) -> [UInt8] { unsafe Array(memory.bytes) }

    /// A memory file that can be sealed, with so many bytes in it.
    private func file(of count: Int) throws -> SharedDescriptor {
        // The module of the C library does not have it.
        typealias Create = @convention(c) (UnsafePointer<CChar>, UInt32) -> Int32
        let create = unsafe unsafeBitCast(dlsym(nil, "memfd_create"), to: Create.self)
        // MFD_CLOEXEC and MFD_ALLOW_SEALING.
        let file = SharedDescriptor(Descriptor(owning: unsafe create("test", 3)))
        let bytes = Self.pattern(count)
        #expect(unsafe write(file.raw, bytes, count) == count)
        return file
    }

    @Test(arguments: [0, 1, 4_095, 4_096, 4_097, 1 << 20])
    func `what is put in is read`(_ count: Int) throws {
        let bytes = Self.pattern(count)
        let memory = try made(bytes)
        #expect(memory.count == count)
        #expect(contents(memory) == bytes)
    }

    @Test(arguments: [(0, 0), (10, 0), (10, 3), (4_097, 4_097), (10_000, 5_000)])
    func `memory keeps as much as was filled`(_ sizes: (capacity: Int, count: Int)) throws {
        let memory = try unsafe SealedMemory.filled(capacity: sizes.capacity) { buffer in
            #expect(buffer.count == sizes.capacity)
            unsafe buffer.copyBytes(from: Self.pattern(sizes.count))
            return sizes.count
        }
        #expect(contents(memory) == Self.pattern(sizes.count))
    }

    @Test func `an error while filling comes through`() {
        #expect(throws: Failure.self) {
            _ = try unsafe SealedMemory.filled(capacity: 10) { _ -> Int in throw Failure() }
        }
    }

    @Test func `more than the machine has is an error`() {
        let error = #expect(throws: SystemError.self) {
            _ = try unsafe SealedMemory.filled(capacity: 1 << 60) { _ in 0 }
        }
        #expect(error?.number == ENOMEM)
    }

    private struct Failure: Error {}

    @Test func `a pipe and a file are copied to their ends`() throws {
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        #expect(unsafe write(ends[1], Self.pattern(30_000), 30_000) == 30_000)
        close(ends[1])
        defer { close(ends[0]) }
        #expect(contents(try SealedMemory(contentsOf: ends[0])) == Self.pattern(30_000))
        let file = try file(of: 600_000)
        #expect(lseek(file.raw, 100, SEEK_SET) == 100)
        #expect(contents(try SealedMemory(contentsOf: file.raw)) == Array(Self.pattern(600_000)[100...]))
        let error = #expect(throws: SystemError.self) { _ = try SealedMemory(contentsOf: -1) }
        #expect(error?.number == EBADF)
    }

    @Test func `nobody can write, grow, shrink or unseal it`() throws {
        let memory = try made(Self.pattern(2 * Self.page))
        #expect(unsafe pwrite(memory.raw, [9], 1, 0) == -1 && errno == EPERM)
        #expect(ftruncate(memory.raw, 1) == -1 && errno == EPERM)
        #expect(ftruncate(memory.raw, 100_000) == -1 && errno == EPERM)
        #expect(posix_fallocate(memory.raw, 0, 100_000) == EPERM)
        let shared = unsafe mmap(nil, Self.page, PROT_READ | PROT_WRITE, MAP_SHARED, memory.raw, 0)
        #expect(unsafe shared == MAP_FAILED && errno == EPERM)
        #expect(contents(memory) == Self.pattern(2 * Self.page))
        // Through /proc a new description could be had; it is sealed as well.
        let again = unsafe open("/proc/self/fd/\(memory.raw)", O_RDWR | O_CLOEXEC)
        if again >= 0 {
            #expect(unsafe pwrite(again, [9], 1, 0) == -1 && errno == EPERM)
            close(again)
        }
    }

    @Test func `the last reference closes and unmaps`() throws {
        var memory: SealedMemory? = try made(Self.pattern(Self.page))
        let inode = try #require(memory.map { inodeOf($0.raw) })
        #expect(memory.map(contents)?.count == Self.page)
        #expect(isOpen(inode) && isMapped(inode))
        memory = nil
        #expect(!isOpen(inode) && !isMapped(inode))
    }

    @Test func `what comes sealed is read`() throws {
        let memory = try made(Self.pattern(70_000))
        let received = try #require(
            SealedMemory(received: SharedDescriptor(Descriptor(owning: dup(memory.raw)))))
        #expect(contents(received) == Self.pattern(70_000))
        #expect(received.hasSameBytes(as: memory))
        #expect(!received.hasSameBytes(as: try made(Self.pattern(69_999))))
    }

    @Test func `without all seals nothing is read`() throws {
        // F_SEAL_SEAL, SHRINK, GROW, WRITE.
        for seals in Int32(0)..<16 {
            let file = try file(of: 100)
            // F_ADD_SEALS
            #expect(fcntl(file.raw, 1_033, seals) == 0)
            #expect((SealedMemory(received: file) != nil) == (seals == 15), "seals \(seals)")
        }
    }

    @Test func `what is no memory file is not read`() throws {
        for path in ["/proc/self/exe", "/dev/null", "/dev/zero", "/tmp"] {
            let raw = unsafe open(path, O_RDONLY | O_CLOEXEC)
            #expect(raw >= 0 && SealedMemory(received: SharedDescriptor(Descriptor(owning: raw))) == nil)
        }
        let pair = try Sockets.pair(.stream)
        #expect(SealedMemory(received: SharedDescriptor(Descriptor(owning: dup(pair.first.raw)))) == nil)
    }

    @Test func `memory with a hole is not read`() throws {
        let file = try file(of: 100)
        #expect(ftruncate(file.raw, 1 << 40) == 0)
        #expect(fcntl(file.raw, 1_033, 15) == 0)
        #expect(SealedMemory(received: file) == nil)
    }

    // MARK: What the kernel says

    private func inodeOf(_ raw: Int32) -> UInt64 {
        var status = stat()
        return unsafe fstat(raw, &status) == 0 ? UInt64(status.st_ino) : 0
    }

    private func memoryFiles() -> [UInt64] {
        (Int32(0)..<4_096).compactMap { raw in
            var text = [CChar](repeating: 0, count: 64)
            let count = unsafe readlink("/proc/self/fd/\(raw)", &text, 63)
            let name = String(
                decoding: text.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
            return name.hasPrefix("/memfd:") ? inodeOf(raw) : nil
        }
    }

    private func isOpen(_ inode: UInt64) -> Bool { memoryFiles().contains(inode) }

    private func isMapped(_ inode: UInt64) -> Bool {
        guard let maps = unsafe fopen("/proc/self/maps", "r") else { return true }
        defer { unsafe _ = fclose(maps) }
        var line = [CChar](repeating: 0, count: 512)
        while unsafe fgets(&line, 512, maps) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            let fields = text.split(separator: " ", omittingEmptySubsequences: true)
            if fields.count > 4, fields[4] == "\(inode)" && text.contains("memfd") { return true }
        }
        return false
    }
}
