internal import CRoost
internal import Glibc
internal import Synchronization

/// Bytes in a memory file that nobody can change any more: not here, and in no process that has it.
///
/// It is mapped for reading on first use, and unmapped and closed when the last reference goes. What another
/// process sends is checked before it is mapped: were it not sealed, its sender could cut it short, and reading
/// would then end this process with SIGBUS.
@safe package final class SealedMemory: Sendable {
    /// How many bytes.
    package let count: Int
    private let descriptor: SharedDescriptor
    private let mapping = Mutex<Address?>(nil)

    // @unchecked: the memory is never written while it is mapped like this.
    @safe private struct Address: @unchecked Sendable {
        let start: UnsafeMutableRawPointer
    }

    private init(sealed descriptor: SharedDescriptor, count: Int) {
        self.descriptor = descriptor
        self.count = count
    }

    deinit {
        if let address = mapping.withLock({ $0 }) { unsafe _ = munmap(address.start, count) }
    }

    /// The descriptor, for passing it on while this object is held.
    package var raw: Int32 { descriptor.raw }

    // MARK: Making

    /// A copy of `bytes`.
    package convenience init(copying bytes: UnsafeRawBufferPointer) throws(SystemError) {
        let file = try Self.newFile()
        try unsafe Self.append(bytes, to: file)
        try self.init(sealing: file, count: bytes.count)
    }

    /// A copy of what can be read from a descriptor, to its end.
    package convenience init(contentsOf descriptor: Int32) throws(SystemError) {
        let file = try Self.newFile()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 16)
        defer { unsafe buffer.deallocate() }
        var total = 0
        while true {
            let count = retryingInterrupts { unsafe read(descriptor, buffer.baseAddress, buffer.count) }
            guard count >= 0 else { throw SystemError("read") }
            if count == 0 { break }
            try unsafe Self.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: file)
            total += count
        }
        try self.init(sealing: file, count: total)
    }

    // Written, not mapped and filled: pages that are written whole are not zeroed first.
    private static func append(
        _ bytes: UnsafeRawBufferPointer, to file: SharedDescriptor
    ) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let count = retryingInterrupts {
                unsafe write(file.raw, bytes.baseAddress.map { unsafe $0 + written }, bytes.count - written)
            }
            guard count > 0 else { throw SystemError("write") }
            written += count
        }
    }

    /// Memory that `fill` has filled; it says how many bytes, from the first, are to be kept.
    package static func filled<Failure: Error>(
        capacity: Int, _ fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws -> SealedMemory {
        let file = try newFile()
        var kept = 0
        if capacity > 0 {
            // Otherwise the kernel would try, and end processes to make room.
            guard capacity <= physicalMemory else { throw SystemError("posix_fallocate", ENOMEM) }
            // All pages at once: a page that cannot be had later would be SIGBUS, and here it is an error.
            var error: Int32
            repeat { error = posix_fallocate(file.raw, 0, capacity) } while error == EINTR
            guard error == 0 else { throw SystemError("posix_fallocate", error) }
            let start = unsafe mmap(
                nil, capacity, PROT_READ | PROT_WRITE, MAP_SHARED | Int32(MAP_POPULATE), file.raw, 0)
            guard unsafe start != MAP_FAILED, let start = unsafe start else { throw SystemError("mmap") }
            // A process forked meanwhile must not keep a mapping that could write: it would prevent sealing.
            unsafe _ = madvise(start, capacity, Int32(MADV_DONTFORK))
            defer { unsafe _ = munmap(start, capacity) }
            kept = unsafe try fill(UnsafeMutableRawBufferPointer(start: start, count: capacity))
        }
        if kept < capacity && ftruncate(file.raw, kept) != 0 { throw SystemError("ftruncate") }
        return try SealedMemory(sealing: file, count: kept)
    }

    private static var physicalMemory: Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }

    private convenience init(sealing file: SharedDescriptor, count: Int) throws(SystemError) {
        let error = roost_seal(file.raw)
        guard error == 0 else { throw SystemError("sealing memory", error) }
        self.init(sealed: file, count: count)
    }

    private static func newFile() throws(SystemError) -> SharedDescriptor {
        let raw = unsafe roost_memory_file("roost-blob")
        guard raw >= 0 else { throw SystemError("memfd_create", -raw) }
        return SharedDescriptor(Descriptor(owning: raw))
    }

    // MARK: Receiving

    /// What another process has sent; nil when it is not sealed, or has a hole, and so must not be read.
    package convenience init?(received descriptor: SharedDescriptor) {
        var status = stat()
        guard roost_is_sealed(descriptor.raw) != 0, unsafe fstat(descriptor.raw, &status) == 0,
            status.st_size >= 0,
            // A hole gets its page when it is read, and if there is none then, that is SIGBUS.
            status.st_blocks * 512 >= status.st_size
        else { return nil }
        self.init(sealed: descriptor, count: Int(status.st_size))
    }

    // MARK: Reading

    /// The bytes, for as long as this object is held.
    ///
    /// When there is no room for the mapping the process ends, as when there is no memory.
    package var bytes: UnsafeRawBufferPointer {
        if count == 0 { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
        let address = mapping.withLock { mapping in
            if let mapping { return mapping }
            let made = map()
            mapping = made
            return made
        }
        return unsafe UnsafeRawBufferPointer(start: address.start, count: count)
    }

    private func map() -> Address {
        // Before Linux 6.7 sealed memory cannot be mapped as shared, not even for reading. A private mapping that
        // nobody writes has the same pages.
        let start = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE | Int32(MAP_POPULATE), descriptor.raw, 0)
        guard unsafe start != MAP_FAILED, let start = unsafe start else {
            fatalError("there is no room to map a blob of \(count) bytes: \(SystemError("mmap"))")
        }
        return unsafe Address(start: start)
    }

    /// Whether two have the same bytes.
    package func hasSameBytes(as other: SealedMemory) -> Bool {
        if self === other { return true }
        guard count == other.count, count > 0 else { return count == other.count }
        let (mine, others) = unsafe (bytes, other.bytes)
        guard let first = mine.baseAddress, let second = others.baseAddress else { return false }
        return unsafe memcmp(first, second, count) == 0
    }
}
