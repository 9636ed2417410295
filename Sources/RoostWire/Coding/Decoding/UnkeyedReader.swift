/// Reads the elements of a list in order.
///
/// A copy goes its own way from where it was copied, as types that look ahead expect; so the position is here
/// and not in the frame. Three words, so that handing it out allocates nothing.
struct UnkeyedReader: UnkeyedDecodingContainer {
    let core: DecoderCore
    private let frameIndex: Int32
    private let frameSerial: UInt32
    /// Where the next element is or, while ``isTaken``, the one before it.
    private var position: UInt32
    /// The index of the next element in the upper bits; the lowest says ``isTaken``.
    private var state: UInt32 = 0

    init(core: DecoderCore, handle: FrameHandle) {
        self.core = core
        frameIndex = handle.index
        frameSerial = handle.serial
        position = unsafe UInt32(core.frames[Int(handle.index)].first)
    }

    private var handle: FrameHandle { FrameHandle(index: frameIndex, serial: frameSerial) }
    /// Whether the last element was handed out as a container or a decoder; its end is found when needed.
    private var isTaken: Bool { state & 1 == 1 }

    var currentIndex: Int { Int(state >> 1) }
    var codingPath: [any CodingKey] { core.path(to: handle) }

    var isAtEnd: Bool {
        guard let frame = try? core.frame(handle) else { return true }
        return unsafe currentIndex >= core.frames[frame].count
    }

    /// How many elements there are.
    ///
    /// Types reserve memory for that many of their own elements, however large. Past a few thousand the count
    /// is believed only after a walk has seen the elements.
    var count: Int? {
        guard let frame = try? core.frame(handle) else { return nil }
        return core.verifiedCount(of: frame)
    }

    mutating func decodeNil() throws -> Bool {
        let (frame, element) = try next(Never.self)
        do {
            let tag = unsafe core.frames[frame].elementTag
            guard try core.passNil(at: element.value, elementTag: tag) else { return false }
        } catch {
            throw core.located(error, Never.self, handle)
        }
        pass(in: frame)
        return true
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let (frame, element) = try next(T.self)
        let state = unsafe core.frames[frame]
        let value = try core.value(
            T.self, at: element.value, elementTag: state.elementTag, parent: handle, depth: state.depth + 1)
        pass(in: frame)
        return value
    }

    @inline(__always)
    mutating func decode<Scalar: WireScalar>(_ type: Scalar.Type) throws -> Scalar {
        let (frame, element) = try next(Scalar.self)
        let value = try core.scalar(
            Scalar.self, at: element.value, elementTag: unsafe core.frames[frame].elementTag, parent: handle)
        pass(in: frame)
        return value
    }

    // Without these two, default implementations that throw would be used.
    mutating func decode(_ type: Int128.Type) throws -> Int128 { try decodeWide(type) }
    mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try decodeWide(type) }

    private mutating func decodeWide<Scalar: WireScalar>(_ type: Scalar.Type) throws -> Scalar {
        try decode(type)
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        let (frame, element) = try next([String: Any].self)
        let nested = try core.openNested(isMap: true, element, in: frame)
        take()
        return KeyedDecodingContainer(KeyedReader<NestedKey>(core: core, handle: nested))
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let (frame, element) = try next([Any].self)
        let nested = try core.openNested(isMap: false, element, in: frame)
        take()
        return UnkeyedReader(core: core, handle: nested)
    }

    mutating func superDecoder() throws -> any Decoder {
        let (frame, element) = try next((any Decoder).self)
        take()
        return core.decoder(element, in: frame)
    }

    /// The next element; throws when there is none.
    @inline(__always)
    private mutating func next(_ type: any Any.Type) throws -> (frame: Int, element: FoundEntry) {
        let frame = try core.frame(handle)
        if isTaken { try passTaken(in: frame) }
        let index = currentIndex
        unsafe core.frames[frame].active = index
        guard unsafe index < core.frames[frame].count else { throw atEnd(type) }
        return (frame, FoundEntry(value: Int(position), index: index))
    }

    @inline(never)
    private func atEnd(_ type: any Any.Type) -> DecodingError {
        .valueNotFound(
            type,
            DecodingError.Context(
                codingPath: core.path(inside: handle),
                debugDescription: "the list has no element \(currentIndex)"))
    }

    private mutating func passTaken(in frame: Int) throws {
        let state = unsafe core.frames[frame]
        do {
            position = UInt32(
                try core.end(of: Int(position), elementTag: state.elementTag, depth: state.depth + 1))
        } catch { throw core.located(error, Never.self, handle) }
        self.state &= ~1
        core.noteProgress(in: frame, position: Int(position), index: currentIndex)
    }

    /// Moves past the element that was just read.
    @inline(__always)
    private mutating func pass(in frame: Int) {
        position = UInt32(core.passed.end)
        state += 2
        core.noteProgress(in: frame, position: Int(position), index: currentIndex)
    }

    private mutating func take() {
        state += 2
        state |= 1
    }
}

extension DecoderCore {
    /// Lets the frame know how far any of the containers that read it has got.
    @inline(__always)
    func noteProgress(in frame: Int, position: Int, index: Int) {
        guard unsafe index > frames[frame].cursorIndex else { return }
        unsafe frames[frame].cursor = position
        unsafe frames[frame].cursorIndex = index
        unsafe frames[frame].taken = -1
    }

    /// The number of elements, when it is small or they have been seen to be there.
    func verifiedCount(of frame: Int) -> Int? {
        let state = unsafe frames[frame]
        if state.count <= 4096 || state.elementTag != 0 || state.end >= 0 { return state.count }
        return (try? walkToEnd(of: frame)) != nil ? state.count : nil
    }
}
