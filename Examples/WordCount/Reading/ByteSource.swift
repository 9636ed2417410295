/// Something that can be read from any offset: a file, or bytes in a test.
protocol ByteSource: ~Copyable {
    /// Reads up to the size of `space` at `offset`; returns how many bytes it read, 0 at the end.
    borrowing func read(into space: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemError) -> Int
}
