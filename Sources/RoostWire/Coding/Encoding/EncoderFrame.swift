/// One container, or one place where a value goes, while the value around it is being written.
///
/// Plain numbers only: frames are kept in raw memory, pushed and popped for each value.
struct EncoderFrame {
    enum Kind: UInt8 {
        /// A place for a value that has not come yet.
        case slot
        /// A place whose value was written whole, through a single-value container.
        case filled
        case map
        case list
    }

    var kind = Kind.slot
    /// False once something after it has been written; then ``end`` says where more would go.
    var isOpen = true
    var depth: Int32
    var parent: Int32
    /// Tells a handle to this frame from one to an earlier frame in the same place.
    var serial: UInt32
    /// What leads here from the parent.
    var step: PathStep
    /// Entries or elements so far.
    var count = 0
    /// Where the header byte is, for a map or a list; counted from the writer's first live byte.
    var header = 0
    /// Where the next entry goes, once closed.
    var end = 0
    /// Which of the first 64 keys of the key table this map has.
    var used: UInt64 = 0
}

/// One step of a coding path, without the key's string.
enum PathStep {
    case none
    /// The number of a key in the key table.
    case key(Int32)
    case index(Int)
}

/// Names a frame from outside, where the frame may be gone already.
struct FrameHandle {
    var index: Int32
    var serial: UInt32

    /// A frame that never was: where containers point that were asked for in an impossible way.
    static let nowhere = FrameHandle(index: -1, serial: 0)
}
