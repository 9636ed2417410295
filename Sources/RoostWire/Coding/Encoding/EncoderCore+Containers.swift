// Opening containers. `Codable` lets none of this throw, so that impossible requests are noted instead, and
// thrown by the next write or when the value ends.

extension EncoderCore {
    /// Makes the place that `handle` names a map or a list, or returns it when it is one already: a type may ask
    /// its encoder for the same kind of container as often as it likes.
    func openContainer(_ kind: EncoderFrame.Kind, in handle: FrameHandle) -> FrameHandle {
        guard (try? check(handle)) != nil else { return .nowhere }
        let frame = unsafe frames[Int(handle.index)]
        if frame.kind == kind { return handle }
        guard frame.kind == .slot else {
            noteMisuse("one encoder was asked for two kinds of container")
            return .nowhere
        }
        let tag = kind == .map ? Tag.shortMap : Tag.shortList
        if frame.isOpen {
            unsafe frames[Int(handle.index)].header = writer.count
            writer.append(tag)
        } else {
            writer.overwriteFixed(tag, at: frame.header)
        }
        unsafe frames[Int(handle.index)].kind = kind
        return handle
    }

    /// Adds an entry whose value comes later: a nested container, or a place for what a super encoder writes.
    func addPlace(_ kind: EncoderFrame.Kind, key: String?, in handle: FrameHandle) -> FrameHandle {
        do {
            try check(handle)
            let parent = handle.index
            let depth = unsafe frames[Int(parent)].depth + 1
            guard depth < maximumDepth else { throw noteTooDeep() }
            if parent != current, try leave(for: parent) {
                return try addLatePlace(kind, key: key, in: parent, depth: depth)
            }
            let step = try writeStep(key, in: parent)
            unsafe frames[Int(parent)].count += 1
            let place = push(parent: parent, depth: depth, step: step)
            return kind == .slot ? place : openContainer(kind, in: place)
        } catch {
            return .nowhere
        }
    }

    /// The same below a closed container: the place starts out empty and closed.
    private func addLatePlace(
        _ kind: EncoderFrame.Kind, key: String?, in parent: Int32, depth: Int32
    ) throws -> FrameHandle {
        var step = PathStep.none
        try writeLate(in: parent) {
            step = try writeStep(key, in: parent)
            writer.append(kind == .list ? Tag.shortList : Tag.shortMap)
            unsafe frames[Int(parent)].count += 1
        }
        let open = current
        let place = push(parent: parent, depth: depth, step: step)
        current = open
        let end = unsafe frames[Int(parent)].end
        unsafe frames[Int(place.index)].kind = kind
        unsafe frames[Int(place.index)].isOpen = false
        unsafe frames[Int(place.index)].header = end - 1
        unsafe frames[Int(place.index)].end = end
        return place
    }

    private func noteTooDeep() -> WireError {
        let error = tooDeep()
        if misuse == nil { misuse = error }
        return error
    }

    /// Writes the one value of a place, for a single-value container.
    @inline(__always)
    func fill<T: Encodable>(_ handle: FrameHandle, with value: T) throws {
        try check(handle)
        guard unsafe frames[Int(handle.index)].kind == .slot else {
            throw noteMisuse("a single value was encoded where there is a value already")
        }
        guard unsafe frames[Int(handle.index)].isOpen else {
            return try fillLate(handle.index) { try fillEnd(handle.index, with: value) }
        }
        try fillEnd(handle.index, with: value)
        unsafe frames[Int(handle.index)].kind = .filled
    }

    /// The same for a scalar.
    func fillScalar<Scalar: WireScalar>(_ handle: FrameHandle, with value: Scalar) throws {
        try check(handle)
        let frame = unsafe frames[Int(handle.index)]
        guard frame.kind == .slot, frame.isOpen else { return try fill(handle, with: value) }
        value.write(to: writer)
        unsafe frames[Int(handle.index)].kind = .filled
    }

    @inline(__always)
    private func fillEnd<T: Encodable>(_ index: Int32, with value: T) throws {
        if let fast = FastType.of(T.self) {
            return FastWrite.write(value, as: fast, to: writer)
        }
        let start = writer.count
        let keyCount = keys.count
        do {
            try writeValue(value, parent: index, step: .none)
        } catch {
            writer.truncate(to: start)
            keys.truncate(to: keyCount)
            throw error
        }
    }
}
