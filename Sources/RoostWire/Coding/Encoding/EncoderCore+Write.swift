// Writing entries and values at the end of the bytes, where nearly all of them go.

extension EncoderCore {
    /// Writes a value into a container: below `key` in a map, as the next element of a list without one.
    @inline(__always)
    func write<T: Encodable>(_ value: T, key: String?, in handle: FrameHandle) throws {
        try check(handle)
        if handle.index != current, try leave(for: handle.index) {
            return try writeLate(in: handle.index) { try writeEntry(value, key: key, in: handle.index) }
        }
        try writeEntry(value, key: key, in: handle.index)
    }

    @inline(__always)
    private func writeEntry<T: Encodable>(_ value: T, key: String?, in frame: Int32) throws {
        let fast = FastType.of(T.self)
        let start = writer.count
        let keyCount = keys.count
        let used = unsafe frames[Int(frame)].used
        let step = try writeStep(key, in: frame)
        if let fast {
            FastWrite.write(value, as: fast, to: writer)
        } else {
            do {
                try writeValue(value, parent: frame, step: step)
            } catch {
                // Whoever encodes may catch the error and go on: the entry must never have been.
                writer.truncate(to: start)
                keys.truncate(to: keyCount)
                unsafe frames[Int(frame)].used = used
                throw error
            }
        }
        unsafe frames[Int(frame)].count += 1
    }

    /// The same for a scalar, whose type is known when compiling and which cannot fail half-way.
    func writeScalar<Scalar: WireScalar>(_ value: Scalar, key: String?, in handle: FrameHandle) throws {
        try check(handle)
        if handle.index != current, try leave(for: handle.index) {
            return try writeLate(in: handle.index) {
                try writeScalarEntry(value, key: key, in: handle.index)
            }
        }
        try writeScalarEntry(value, key: key, in: handle.index)
    }

    @inline(__always)
    private func writeScalarEntry<Scalar: WireScalar>(_ value: Scalar, key: String?, in frame: Int32) throws {
        _ = try writeStep(key, in: frame)
        value.write(to: writer)
        unsafe frames[Int(frame)].count += 1
    }

    /// Writes what comes before a value: the key in a map, nothing in a list.
    @inline(__always)
    func writeStep(_ key: String?, in frame: Int32) throws -> PathStep {
        guard let key else { return unsafe .index(frames[Int(frame)].count) }
        if lateness > 0 { return writeLateKey(key) }
        let (number, isNew) = keys.number(of: key)
        if number < 64 {
            let bit = UInt64(1) << UInt64(number)
            guard unsafe frames[Int(frame)].used & bit == 0 else {
                throw noteMisuse("key \(key) is encoded twice")
            }
            unsafe frames[Int(frame)].used |= bit
        }
        if isNew {
            writer.appendVarint(KeyForm.define)
            writer.appendString(key)
        } else {
            writer.appendVarint(KeyForm.reference + UInt64(number))
        }
        return .key(number)
    }

    private func writeLateKey(_ key: String) -> PathStep {
        writer.appendVarint(KeyForm.literal)
        writer.appendString(key)
        return .none
    }

    /// Writes a value of any type at the end.
    ///
    /// On an error the frames are as before, and the caller removes the bytes.
    @inline(__always)
    func writeValue<T: Encodable>(_ value: T, parent: Int32, step: PathStep) throws {
        let depth = parent < 0 ? 0 : unsafe frames[Int(parent)].depth + 1
        let outer = (scope: scope, current: current, count: frameCount)
        let handle = push(parent: parent, depth: depth, step: step)
        scope = handle.index
        defer {
            scope = outer.scope
            current = outer.current
            frameCount = outer.count
        }
        guard depth < maximumDepth else { throw tooDeep() }
        try value.encode(to: WireEncoder(core: self, handle: handle))
        close(downTo: parent)
    }

    @inline(never)
    func tooDeep() -> WireError {
        WireError(
            .tooDeep, "a value is nested more than \(maximumDepth) levels deep",
            path: WireKey.text(path(to: current)))
    }

    /// Makes an open frame the current one by closing those inside it.
    ///
    /// Returns true when the frame itself is closed, so that an entry for it comes late.
    @inline(never)
    func leave(for frame: Int32) throws -> Bool {
        guard unsafe frames[Int(frame)].isOpen else { return true }
        close(downTo: frame)
        return false
    }

    /// Closes frames from the current one outwards, until `frame` is the current one.
    @inline(__always)
    func close(downTo frame: Int32) {
        while current > frame {
            let closing = current
            finishHeader(of: closing)
            current = unsafe frames[Int(closing)].parent
        }
    }

    /// Writes the count into a container's header, or an empty value where none came.
    @inline(__always)
    private func finishHeader(of index: Int32) {
        let frame = unsafe frames[Int(index)]
        switch frame.kind {
        case .filled: break
        case .slot:
            unsafe frames[Int(index)].header = writer.count
            writer.append(Tag.shortMap)
        case .map, .list:
            setCount(frame.count, of: index, was: 0)
        }
        unsafe frames[Int(index)].end = writer.count
        unsafe frames[Int(index)].isOpen = false
    }

    /// Changes a header from one count to another, making room when it needs more bytes.
    func setCount(_ count: Int, of index: Int32, was old: Int) {
        let frame = unsafe frames[Int(index)]
        let isMap = frame.kind == .map
        let (oldSize, newSize) = (Self.headerSize(old), Self.headerSize(count))
        if newSize > oldSize {
            openGap(of: newSize - oldSize, at: frame.header + oldSize, after: index)
        }
        writer.overwrite(at: frame.header) {
            $0.appendHeader(
                short: isMap ? Tag.shortMap : Tag.shortList, long: isMap ? Tag.map : Tag.list, count: count)
        }
    }

    private static func headerSize(_ count: Int) -> Int {
        if count <= Tag.shortCount { return 1 }
        return 1 + (70 - UInt64(count).leadingZeroBitCount) / 7
    }
}
