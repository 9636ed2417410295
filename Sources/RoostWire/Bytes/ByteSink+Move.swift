// Changing bytes that are already written, for containers whose size or contents are known late.

extension ByteSink {
    /// Lets `body` append over the bytes at `offset`; it must not append more than 16.
    func overwrite(at offset: Int, _ body: (ByteSink) -> Void) {
        // With room to spare at the real end, appending earlier cannot make the storage grow.
        reserve(16)
        let end = tail
        tail = head + offset
        body(self)
        assert(tail <= end, "overwriting past the end")
        tail = end
    }

    /// Moves what is at `offset` and after it up by `length`; the bytes between are undefined.
    func insertGap(_ length: Int, at offset: Int) {
        precondition(offset >= 0 && offset <= count && length >= 0, "a gap outside the bytes")
        reserve(length)
        let position = unsafe storage + head + offset
        unsafe (position + length).copyMemory(from: position, byteCount: count - offset)
        tail += length
    }

    /// Removes bytes from the middle.
    func removeBytes(_ length: Int, at offset: Int) {
        precondition(offset >= 0 && length >= 0 && offset + length <= count, "removing outside the bytes")
        let position = unsafe storage + head + offset
        unsafe position.copyMemory(from: position + length, byteCount: count - offset - length)
        tail -= length
    }

    /// Moves the bytes from `start` to the end in front of those at `offset`.
    func rotateEnd(from start: Int, to offset: Int) {
        precondition(offset >= 0 && offset <= start && start <= count, "rotating outside the bytes")
        let length = count - start
        insertGap(length, at: offset)
        let position = unsafe storage + head
        unsafe (position + offset).copyMemory(from: position + start + length, byteCount: length)
        tail -= length
    }
}
