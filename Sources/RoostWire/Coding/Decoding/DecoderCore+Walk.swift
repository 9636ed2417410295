// Passing over values without making anything of them.

extension DecoderCore {
    /// Passes one value, noting the keys defined in it.
    func skip(_ reader: inout ByteReader, depth: Int) throws(WireError) {
        let start = reader.offset
        let tag = try reader.readTag()
        if tag >= Tag.smallInt { return }
        if let width = Tag.width(tag) {
            _ = unsafe try reader.readBytes(width)
            return
        }
        if let element = Tag.element(ofPacked: tag) {
            let width = Tag.width(element) ?? 1
            _ = unsafe try reader.readBytes(try reader.readCount(elementSize: width) * width)
            return
        }
        switch tag {
        case Tag.null, Tag.no, Tag.yes: break
        case Tag.string: _ = unsafe try reader.readBytes(try reader.readCount())
        case Tag.shortString..<Tag.shortMap: _ = unsafe try reader.readBytes(Int(tag - Tag.shortString))
        case Tag.list: try skipEntries(try reader.readCount(), isMap: false, &reader, depth: depth)
        case Tag.map:
            try skipEntries(try reader.readCount(elementSize: 2), isMap: true, &reader, depth: depth)
        case Tag.shortList..<Tag.smallInt:
            try skipEntries(Int(tag - Tag.shortList), isMap: false, &reader, depth: depth)
        case Tag.shortMap..<Tag.shortList:
            try skipEntries(Int(tag - Tag.shortMap), isMap: true, &reader, depth: depth)
        default: throw WireError.unknownTag(tag, at: start)
        }
    }

    private func skipEntries(
        _ count: Int, isMap: Bool, _ reader: inout ByteReader, depth: Int
    ) throws(WireError) {
        guard depth < maximumDepth else { throw tooDeep(at: reader.offset) }
        for _ in 0..<count {
            if isMap { _ = try readKey(&reader) }
            try skip(&reader, depth: depth + 1)
        }
    }

    /// Where the value at `offset` ends.
    ///
    /// It is known when the value was just passed. Otherwise the container that was read from it knows how far
    /// it got, and only what it did not read is walked.
    func end(of offset: Int, elementTag: UInt8, depth: Int) throws(WireError) -> Int {
        if passed.start == offset { return passed.end }
        if elementTag != 0 { return offset + (Tag.width(elementTag) ?? 1) }
        // The container is nearly always one of the last frames; not finding it costs time only.
        var candidate = frameCount - 1
        while candidate >= max(0, frameCount - 8) {
            if unsafe frames[candidate].start == offset { return try finish(candidate) }
            candidate -= 1
        }
        var reader = reader(at: offset)
        try skip(&reader, depth: depth)
        return reader.offset
    }

    /// Walks what is left of a container and returns where it ends.
    private func finish(_ frame: Int) throws(WireError) -> Int {
        try settle(frame)
        if unsafe frames[frame].end >= 0 { return unsafe frames[frame].end }
        let state = unsafe frames[frame]
        var reader = reader(at: state.cursor)
        let rest = state.count - state.cursorIndex
        if state.elementTag != 0 {
            _ = unsafe try reader.readBytes(rest * (Tag.width(state.elementTag) ?? 1))
        } else {
            try skipEntries(rest, isMap: state.isMap, &reader, depth: state.depth)
        }
        unsafe frames[frame].end = reader.offset
        return reader.offset
    }

    /// Makes sure that every element of a list is there.
    func walkToEnd(of frame: Int) throws(WireError) {
        let state = unsafe frames[frame]
        var reader = reader(at: state.first)
        try skipEntries(state.count, isMap: state.isMap, &reader, depth: state.depth)
        unsafe frames[frame].end = reader.offset
    }

    /// Moves the cursor over a value that was handed out as a container or a decoder.
    @inline(__always)
    func settle(_ frame: Int) throws(WireError) {
        guard unsafe frames[frame].taken >= 0 else { return }
        try settleTaken(frame)
    }

    @inline(never)
    private func settleTaken(_ frame: Int) throws(WireError) {
        let state = unsafe frames[frame]
        unsafe frames[frame].cursor = try end(
            of: state.taken, elementTag: state.elementTag, depth: state.depth + 1)
        unsafe frames[frame].cursorIndex = state.takenIndex + 1
        unsafe frames[frame].taken = -1
    }
}
