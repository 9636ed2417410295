// Starting to read a container.

extension DecoderCore {
    /// Reads the header of the map or list at `offset` and makes a frame for it.
    func open(
        isMap: Bool, at offset: Int, elementTag: UInt8, parent: FrameHandle, depth: Int
    ) throws -> FrameHandle {
        guard elementTag == 0 else {
            throw mismatch(elementTag, Self.containerType(isMap), path(inside: parent))
        }
        do {
            guard depth < maximumDepth else { throw tooDeep(at: offset) }
            var reader = reader(at: offset)
            let tag = try reader.readTag()
            let packed = isMap ? nil : Tag.element(ofPacked: tag)
            let count =
                if let packed { try reader.readPackedCount(element: packed) } else if isMap {
                    try reader.readHeader(tag, short: Tag.shortMap, long: Tag.map)
                } else {
                    try reader.readHeader(tag, short: Tag.shortList, long: Tag.list)
                }
            let hasParent = parent.index >= 0 && isLive(parent)
            return push(
                DecoderFrame(
                    isMap: isMap, elementTag: packed ?? 0, depth: depth,
                    parent: hasParent ? Int(parent.index) : -1, serial: 0,
                    step: hasParent ? unsafe frames[Int(parent.index)].active : 0,
                    start: offset, first: reader.offset, count: count, cursor: reader.offset))
        } catch {
            throw located(error, Self.containerType(isMap), parent)
        }
    }

    private static func containerType(_ isMap: Bool) -> any Any.Type {
        isMap ? [String: Any].self : [Any].self
    }

    /// Hands out the value of an entry as a container of its own.
    func openNested(isMap: Bool, _ entry: FoundEntry, in frame: Int) throws -> FrameHandle {
        let state = unsafe frames[frame]
        let handle = try open(
            isMap: isMap, at: entry.value, elementTag: state.elementTag,
            parent: FrameHandle(index: Int32(frame), serial: state.serial), depth: state.depth + 1)
        take(entry, in: frame)
        return handle
    }

    /// Hands out the value of an entry as a decoder.
    func decoder(_ entry: FoundEntry, in frame: Int) -> WireDecoder {
        let state = unsafe frames[frame]
        take(entry, in: frame)
        return WireDecoder(
            core: self, offset: entry.value, elementTag: state.elementTag,
            parent: FrameHandle(index: Int32(frame), serial: state.serial), depth: state.depth + 1)
    }

    private func take(_ entry: FoundEntry, in frame: Int) {
        unsafe frames[frame].taken = entry.value
        unsafe frames[frame].takenIndex = entry.index
    }

    /// Whether the value at `offset` is nil, which is then passed.
    func passNil(at offset: Int, elementTag: UInt8) throws(WireError) -> Bool {
        guard elementTag == 0 else { return false }
        var reader = reader(at: offset)
        guard try reader.readTag() == Tag.null else { return false }
        passed = (offset, reader.offset)
        return true
    }
}
