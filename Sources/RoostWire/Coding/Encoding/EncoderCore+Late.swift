// Writing into containers that something has been written after.

extension EncoderCore {
    /// Writes an entry for a closed container: at the end first, and then moved to where the container ends.
    @inline(never)
    func writeLate(in index: Int32, _ writeEntry: () throws -> Void) throws {
        hasBeenLate = true
        lateness += 1
        defer { lateness -= 1 }
        let old = unsafe frames[Int(index)].count
        let start = writer.count
        try writeEntry()
        unsafe moveEnd(from: start, to: frames[Int(index)].end, in: index)
        unsafe setCount(frames[Int(index)].count, of: index, was: old)
    }

    /// Fills a closed place: the value is moved to where an empty one was put for want of it.
    @inline(never)
    func fillLate(_ index: Int32, _ writeValue: () throws -> Void) throws {
        hasBeenLate = true
        lateness += 1
        defer { lateness -= 1 }
        let start = writer.count
        try writeValue()
        let placeholder = unsafe frames[Int(index)].header
        unsafe moveEnd(from: start, to: frames[Int(index)].end, in: index)
        writer.removeBytes(1, at: placeholder)
        shiftFrames(at: placeholder + 1, by: -1, after: index)
        unsafe frames[Int(index)].kind = .filled
    }

    /// Moves the bytes from `start` to the end to `position`, the end of frame `index`.
    private func moveEnd(from start: Int, to position: Int, in index: Int32) {
        let length = writer.count - start
        writer.rotateEnd(from: start, to: position)
        // A container that is the last entry of `index` ends there too, but what was added is not in it.
        let stays = (0..<frameCount).filter {
            unsafe frames[Int($0)].end == position && !isAncestor($0, of: index)
        }
        shiftFrames(at: position, by: length, after: index)
        for frame in stays { unsafe frames[Int(frame)].end = position }
    }

    private func isAncestor(_ frame: Int32, of index: Int32) -> Bool {
        var index = index
        while index > frame { index = unsafe frames[Int(index)].parent }
        return index == frame
    }

    /// Makes room inside the bytes.
    func openGap(of length: Int, at position: Int, after index: Int32) {
        writer.insertGap(length, at: position)
        shiftFrames(at: position, by: length, after: index)
    }

    /// Corrects where frames are after bytes moved.
    ///
    /// Frames are in the order of their bytes until one is written late, so that before that only those after
    /// `index` can be concerned.
    private func shiftFrames(at position: Int, by length: Int, after index: Int32) {
        var frame = hasBeenLate ? 0 : index + 1
        while frame < frameCount {
            if unsafe frames[Int(frame)].header >= position { unsafe frames[Int(frame)].header += length }
            if unsafe !frames[Int(frame)].isOpen, unsafe frames[Int(frame)].end >= position {
                unsafe frames[Int(frame)].end += length
            }
            frame += 1
        }
    }
}
