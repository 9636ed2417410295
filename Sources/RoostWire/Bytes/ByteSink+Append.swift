// What can be appended. The coding is built from nothing else.

extension ByteSink {
    /// Appends one byte.
    @inlinable func append(_ byte: UInt8) {
        reserve(1)
        unsafe storage.storeBytes(of: byte, toByteOffset: tail, as: UInt8.self)
        tail += 1
    }

    /// Appends a copy of `bytes`.
    @inlinable func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count)
        unsafe (storage + tail).copyMemory(from: source, byteCount: bytes.count)
        tail += bytes.count
    }

    /// Appends an integer in its own width, little endian.
    @inlinable func appendFixed<T: FixedWidthInteger>(_ value: T) {
        reserve(MemoryLayout<T>.size)
        unsafe store(value, at: tail)
        tail += MemoryLayout<T>.size
    }

    /// Writes an integer over bytes that are already there, for lengths known only afterwards.
    @inlinable func overwriteFixed<T: FixedWidthInteger>(_ value: T, at offset: Int) {
        precondition(offset >= 0 && offset <= count - MemoryLayout<T>.size, "overwriting outside the bytes")
        unsafe store(value, at: head + offset)
    }

    /// Stores without checking bounds; `position` counts from the start of the storage.
    @unsafe @inlinable
    func store<T: FixedWidthInteger>(_ value: T, at position: Int) {
        unsafe withUnsafeBytes(of: value.littleEndian) { source in
            guard let start = source.baseAddress else { return }
            unsafe (storage + position).copyMemory(from: start, byteCount: MemoryLayout<T>.size)
        }
    }

    /// Appends an unsigned number in LEB128: seven bits a byte, lowest first, one to ten bytes.
    @inlinable func appendVarint(_ value: UInt64) {
        reserve(10)
        var rest = value
        while rest >= 0x80 {
            unsafe storage.storeBytes(
                of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: tail, as: UInt8.self)
            tail += 1
            rest >>= 7
        }
        unsafe storage.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: tail, as: UInt8.self)
        tail += 1
    }

    /// Appends a string: the number of its UTF-8 bytes as a varint, then the bytes.
    func appendString(_ value: String) {
        var value = value
        // `withUTF8` copies only strings bridged from elsewhere; native ones are read where they are.
        value.withUTF8 { utf8 in
            appendVarint(UInt64(utf8.count))
            unsafe append(UnsafeRawBufferPointer(utf8))
        }
    }
}
