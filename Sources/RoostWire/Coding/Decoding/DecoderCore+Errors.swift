// Errors that say where, in terms of the types being decoded.

extension DecoderCore {
    /// The keys that lead to what is being read in `parent`.
    func path(inside parent: FrameHandle) -> [any CodingKey] {
        guard isLive(parent), parent.index >= 0 else { return [] }
        let frame = unsafe frames[Int(parent.index)]
        return path(to: parent) + [key(for: frame.active, in: Int(parent.index))]
    }

    /// The keys that lead to a container.
    func path(to handle: FrameHandle) -> [any CodingKey] {
        guard isLive(handle) else { return [] }
        var path: [any CodingKey] = []
        var frame = Int(handle.index)
        while frame >= 0, unsafe frames[frame].parent >= 0 {
            let parent = unsafe frames[frame].parent
            path.append(unsafe key(for: frames[frame].step, in: parent))
            frame = parent
        }
        return path.reversed()
    }

    private func key(for step: Int, in frame: Int) -> any CodingKey {
        guard unsafe frames[frame].isMap else { return WireKey(intValue: step) }
        var reader = reader(at: step)
        guard let key = try? readKey(&reader) else { return WireKey(stringValue: "") }
        return WireKey(stringValue: string(key))
    }

    /// Gives an error the coding path it was thrown at, and a scalar's fault its name.
    @inline(never)
    func located(_ error: any Error, _ type: any Any.Type, _ parent: FrameHandle) -> any Error {
        if let error = error as? WireError {
            return error.path.isEmpty ? error.inside(path(inside: parent)) : error
        }
        guard let fault = error as? ScalarFault else { return error }
        return fault.decodingError(type, path(inside: parent))
    }

    /// The error for a container or a single value that is of another kind.
    func mismatch(_ tag: UInt8, _ type: any Any.Type, _ path: [any CodingKey]) -> any Error {
        ScalarFault.mismatch(tag: tag).decodingError(type, path)
    }
}

extension ScalarFault {
    /// What a caller of `decode` sees of this.
    func decodingError(_ type: any Any.Type, _ path: [any CodingKey]) -> any Error {
        func context(_ text: String) -> DecodingError.Context {
            DecodingError.Context(codingPath: path, debugDescription: text)
        }
        switch self {
        case .mismatch(Tag.null):
            return DecodingError.valueNotFound(type, context("expected \(type), found nil"))
        case .mismatch(let tag):
            return DecodingError.typeMismatch(type, context("expected \(type), found \(Tag.name(tag))"))
        case .doesNotFit:
            return DecodingError.dataCorrupted(context("the number does not fit in \(type)"))
        case .needsKeyTable:
            return DecodingError.typeMismatch(type, context("expected \(type), found a map with shared keys"))
        case .wire(let error):
            return error.path.isEmpty ? error.inside(path) : error
        }
    }
}

extension WireError {
    /// The same error, with its path.
    func inside(_ path: [any CodingKey]) -> WireError {
        var copy = self
        copy.path = WireKey.text(path)
        return copy
    }
}
