/// What all encoders and containers of one value share: the bytes so far, the containers that are open, and
/// the key table.
///
/// Values are written straight into the writer, in order. `Codable` permits more than that: two nested
/// containers may be filled in turn. A container that something was written after is *closed*; an entry that
/// comes for it later is written at the end and then moved to its place (`EncoderCore+Late.swift`). That is
/// slow, rare, and keeps the common case free of any intermediate tree.
@safe
final class EncoderCore {
    /// What changes with every value.
    @safe
    struct State {
        /// Valid while a value is encoded, because the caller of `encode` holds the writer.
        ///
        /// Handles used later are refused before they get here.
        let writer: ByteSink
        var keys = KeyTable()
        var frames: UnsafeMutablePointer<EncoderFrame>
        var frameCapacity = 32
        var frameCount: Int32 = 0
        var current: Int32 = -1
        var scope: Int32 = 0
        var lateness = 0
        var maximumDepth: Int32 = 0
        var nextSerial: UInt32 = 0
    }

    // Behind a pointer for the same reason as a writer's state.
    private let state: UnsafeMutablePointer<State>

    /// Whether a closed container has been written to, so that frames may not be in the order of their bytes.
    var hasBeenLate = false
    /// The first misuse that could not be thrown where it happened.
    var misuse: WireError?
    private var sendableUserInfo: [CodingUserInfoKey: any Sendable] = [:]

    init(writer: ByteSink) {
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State(writer: writer, frames: .allocate(capacity: 32)))
    }

    deinit {
        // Frames are trivial; there is nothing to deinitialise.
        unsafe frames.deallocate()
        unsafe state.deinitialize(count: 1).deallocate()
    }

    @inline(__always)
    var writer: ByteSink { unsafe state.pointee.writer }

    var keys: KeyTable {
        @inline(__always) get { unsafe state.pointee.keys }
        @inline(__always) _modify { yield unsafe &state.pointee.keys }
    }

    @inline(__always)
    var frames: UnsafeMutablePointer<EncoderFrame> { unsafe state.pointee.frames }

    var frameCount: Int32 {
        @inline(__always) get { unsafe state.pointee.frameCount }
        @inline(__always) set { unsafe state.pointee.frameCount = newValue }
    }

    /// The innermost open frame; everything written now is part of it.
    var current: Int32 {
        @inline(__always) get { unsafe state.pointee.current }
        @inline(__always) set { unsafe state.pointee.current = newValue }
    }

    /// The first frame of the value being encoded now; a handle to an earlier frame is misuse.
    var scope: Int32 {
        @inline(__always) get { unsafe state.pointee.scope }
        @inline(__always) set { unsafe state.pointee.scope = newValue }
    }

    /// Above zero while an entry for a closed container is written.
    ///
    /// Its keys are not put in the key table, whose numbers follow the order of the bytes.
    var lateness: Int {
        @inline(__always) get { unsafe state.pointee.lateness }
        @inline(__always) set { unsafe state.pointee.lateness = newValue }
    }

    @inline(__always)
    var maximumDepth: Int32 { unsafe state.pointee.maximumDepth }

    var userInfo: [CodingUserInfoKey: Any] {
        sendableUserInfo.isEmpty ? [:] : sendableUserInfo.mapValues { $0 as Any }
    }

    /// Gets ready for a value.
    func begin(userInfo: consuming [CodingUserInfoKey: any Sendable], limits: WireLimits) {
        sendableUserInfo = userInfo
        unsafe state.pointee.maximumDepth = Int32(clamping: limits.maximumDepth)
        hasBeenLate = false
        scope = 0
        misuse = nil
    }

    /// Forgets the value, after which every handle to its frames is refused.
    func finish() {
        frameCount = 0
        current = -1
        keys.removeAll()
        if !sendableUserInfo.isEmpty { sendableUserInfo = [:] }
    }

    /// Adds an open frame below `parent` and makes it the current one.
    @inline(__always)
    func push(parent: Int32, depth: Int32, step: PathStep) -> FrameHandle {
        let index = frameCount
        if unsafe Int(index) == state.pointee.frameCapacity { growFrames() }
        unsafe state.pointee.nextSerial &+= 1
        let serial = unsafe state.pointee.nextSerial
        unsafe (frames + Int(index)).initialize(
            to: EncoderFrame(depth: depth, parent: parent, serial: serial, step: step))
        frameCount = index + 1
        current = index
        return FrameHandle(index: index, serial: serial)
    }

    @inline(never)
    private func growFrames() {
        let capacity = unsafe state.pointee.frameCapacity * 2
        let bigger = UnsafeMutablePointer<EncoderFrame>.allocate(capacity: capacity)
        unsafe bigger.moveInitialize(from: frames, count: Int(frameCount))
        unsafe frames.deallocate()
        unsafe state.pointee.frames = bigger
        unsafe state.pointee.frameCapacity = capacity
    }

    /// Throws unless the handle is to a frame of the value being written now.
    @inline(__always)
    func check(_ handle: FrameHandle) throws {
        guard handle.index >= scope, handle.index < frameCount,
            unsafe frames[Int(handle.index)].serial == handle.serial
        else { throw noteMisuse("a container or encoder was used outside its value's encode(to:)") }
    }

    /// Remembers a misuse, so that `encode` throws it even when whoever caused it does not.
    @inline(never)
    @discardableResult
    func noteMisuse(_ message: String) -> WireError {
        let error = WireError(.misuse, message, path: WireKey.text(path(to: current)))
        if misuse == nil { misuse = error }
        return error
    }

    /// The keys that lead from the outermost value to a frame.
    func path(to frame: Int32) -> [any CodingKey] {
        var path: [any CodingKey] = []
        var index = frame
        while index >= 0, index < frameCount {
            let frame = unsafe frames[Int(index)]
            switch frame.step {
            case .none: break
            case .key(let number): path.append(WireKey(stringValue: keys[number]))
            case .index(let index): path.append(WireKey(intValue: index))
            }
            index = frame.parent
        }
        return path.reversed()
    }
}
