/// What all decoders and containers of one value share: the bytes, the containers being read, the key table.
///
/// Nothing is parsed ahead. A container knows where its next entry is; keys asked for in the order they were
/// written are found there. The first key that is not makes an index of the container.
///
/// Numbers in the key table follow the order of definitions in the bytes, so that bytes are always passed in
/// order the first time: whoever jumps over a value walks it (``skip(_:depth:)``).
@safe
final class DecoderCore {
    /// What changes with every value.
    @safe
    struct State {
        var bytes = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        var frames: UnsafeMutablePointer<DecoderFrame>
        var frameCapacity = 8
        var frameCount = 0
        var nextSerial: UInt32 = 0
        var scope = 0
        var keys: ContiguousArray<DecoderKey> = []
        var keyCount = 0
        var keysEnd = 0
        var index: ContiguousArray<DecoderIndexEntry> = []
        var passed = (start: -1, end: -1)
    }

    // Behind a pointer, because each access to a stored property of a class is checked for exclusivity while
    // running, which costs more than most of what is done here.
    private let state: UnsafeMutablePointer<State>

    private(set) var maximumDepth = 0
    private var sendableUserInfo: [CodingUserInfoKey: any Sendable] = [:]
    /// By frame serial, for maps too large to search one by one.
    var tables: [UInt32: [String: Int32]] = [:]
    /// Whether a frame outside the running value made an index, which must then outlive that value.
    var keepsIndex = false
    /// What is attached to the message.
    var attachments: [Attachment] = []

    init() {
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State(frames: .allocate(capacity: 8)))
    }

    deinit {
        // Frames are trivial; there is nothing to deinitialise.
        unsafe frames.deallocate()
        unsafe state.deinitialize(count: 1).deallocate()
    }

    @inline(__always)
    var frames: UnsafeMutablePointer<DecoderFrame> { unsafe state.pointee.frames }

    private(set) var frameCount: Int {
        @inline(__always) get { unsafe state.pointee.frameCount }
        @inline(__always) set { unsafe state.pointee.frameCount = newValue }
    }

    /// The first frame of the value whose `init(from:)` runs now.
    private var scope: Int {
        @inline(__always) get { unsafe state.pointee.scope }
        @inline(__always) set { unsafe state.pointee.scope = newValue }
    }

    /// The key table, followed by what is left of earlier ones.
    var keys: ContiguousArray<DecoderKey> {
        @inline(__always) _read { yield unsafe state.pointee.keys }
        @inline(__always) _modify { yield unsafe &state.pointee.keys }
    }

    /// How many keys the value has defined so far.
    var keyCount: Int {
        @inline(__always) get { unsafe state.pointee.keyCount }
        @inline(__always) set { unsafe state.pointee.keyCount = newValue }
    }

    /// Up to where definitions of keys have been seen.
    var keysEnd: Int {
        @inline(__always) get { unsafe state.pointee.keysEnd }
        @inline(__always) set { unsafe state.pointee.keysEnd = newValue }
    }

    /// Where the entries of the indexed maps are, innermost value last.
    var index: ContiguousArray<DecoderIndexEntry> {
        @inline(__always) _read { yield unsafe state.pointee.index }
        @inline(__always) _modify { yield unsafe &state.pointee.index }
    }

    /// The last value that was passed entirely.
    var passed: (start: Int, end: Int) {
        @inline(__always) get { unsafe state.pointee.passed }
        @inline(__always) set { unsafe state.pointee.passed = newValue }
    }

    var userInfo: [CodingUserInfoKey: Any] {
        sendableUserInfo.isEmpty ? [:] : sendableUserInfo.mapValues { $0 as Any }
    }

    /// Gets ready for a value.
    func begin(
        _ bytes: UnsafeRawBufferPointer, userInfo: consuming [CodingUserInfoKey: any Sendable],
        limits: WireLimits
    ) {
        unsafe state.pointee.bytes = bytes
        sendableUserInfo = userInfo
        // A decoder keeps its depth in 16 bits.
        maximumDepth = min(limits.maximumDepth, 1 << 15)
    }

    /// Lets go of the bytes, which may be gone from here on; decoders kept by a type then find nothing.
    func finish() {
        unsafe state.pointee.bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        if !attachments.isEmpty { attachments = [] }
        frameCount = 0
        if keys.count > 256 { keys = [] }
        keyCount = 0
        keysEnd = 0
        index.removeAll(keepingCapacity: index.count <= 1024)
        passed = (-1, -1)
        keepsIndex = false
        if !tables.isEmpty { tables = [:] }
        if !sendableUserInfo.isEmpty { sendableUserInfo = [:] }
    }

    @inline(__always)
    func reader(at offset: Int) -> ByteReader {
        var reader = unsafe ByteReader(state.pointee.bytes)
        reader.offset = offset
        return reader
    }

    func push(_ frame: DecoderFrame) -> FrameHandle {
        let index = frameCount
        if unsafe index == state.pointee.frameCapacity { growFrames() }
        unsafe state.pointee.nextSerial &+= 1
        let serial = unsafe state.pointee.nextSerial
        unsafe (frames + index).initialize(to: frame)
        unsafe frames[index].serial = serial
        frameCount = index + 1
        return FrameHandle(index: Int32(truncatingIfNeeded: index), serial: serial)
    }

    @inline(never)
    private func growFrames() {
        let capacity = unsafe state.pointee.frameCapacity * 2
        let bigger = UnsafeMutablePointer<DecoderFrame>.allocate(capacity: capacity)
        unsafe bigger.moveInitialize(from: frames, count: frameCount)
        unsafe frames.deallocate()
        unsafe state.pointee.frames = bigger
        unsafe state.pointee.frameCapacity = capacity
    }

    /// The frame that a handle names; throws when it is gone.
    @inline(__always)
    func frame(_ handle: FrameHandle) throws -> Int {
        let index = Int(handle.index)
        guard isLive(handle) else {
            throw WireError(.misuse, "a decoding container was used after its value was decoded")
        }
        return index
    }

    @inline(__always)
    func isLive(_ handle: FrameHandle) -> Bool {
        let index = Int(handle.index)
        return unsafe index >= 0 && index < frameCount && frames[index].serial == handle.serial
    }

    /// Reads a value of any type.
    ///
    /// Afterwards ``passed`` tells where it ends. An error leaves the containers around it as they were, so that
    /// a type can try something else in the same place.
    @inline(__always)
    func value<T: Decodable>(
        _ type: T.Type, at offset: Int, elementTag: UInt8, parent: FrameHandle, depth: Int
    ) throws -> T {
        if let fast = FastType.of(T.self) {
            do {
                var reader = reader(at: offset)
                let tag = elementTag == 0 ? try reader.readTag() : elementTag
                let value = try FastRead.read(T.self, as: fast, tag: tag, from: &reader)
                passed = (offset, reader.offset)
                return value
            } catch ScalarFault.needsKeyTable {
                // A decoder reads it instead.
            } catch {
                throw located(error, T.self, parent)
            }
        }
        return try composite(T.self, at: offset, elementTag: elementTag, parent: parent, depth: depth)
    }

    /// The same for a scalar, whose type is known when compiling.
    func scalar<Scalar: WireScalar>(
        _ type: Scalar.Type, at offset: Int, elementTag: UInt8, parent: FrameHandle
    ) throws -> Scalar {
        do throws(ScalarFault) {
            var reader = reader(at: offset)
            let value =
                elementTag == 0
                ? try Scalar.read(from: &reader) : try Scalar.read(tag: elementTag, from: &reader)
            passed = (offset, reader.offset)
            return value
        } catch {
            throw located(error, Scalar.self, parent)
        }
    }

    private func composite<T: Decodable>(
        _ type: T.Type, at offset: Int, elementTag: UInt8, parent: FrameHandle, depth: Int
    ) throws -> T {
        guard depth < maximumDepth else { throw located(tooDeep(at: offset), T.self, parent) }
        let outer = (scope: scope, frames: frameCount, index: index.count)
        scope = frameCount
        defer {
            frameCount = outer.frames
            scope = outer.scope
            if index.count > outer.index, !keepsIndex { index.removeSubrange(outer.index...) }
        }
        do {
            let value = try T(
                from: WireDecoder(
                    core: self, offset: offset, elementTag: elementTag, parent: parent, depth: depth))
            passed = (offset, try end(of: offset, elementTag: elementTag, depth: depth))
            return value
        } catch let error as WireError {
            throw located(error, T.self, parent)
        }
    }

    func isInScope(_ frame: Int) -> Bool { frame >= scope }

    func tooDeep(at offset: Int) -> WireError {
        WireError(.tooDeep, "a value is nested more than \(maximumDepth) levels deep", offset: offset)
    }
}
