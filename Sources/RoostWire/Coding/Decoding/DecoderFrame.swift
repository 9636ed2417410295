/// One container that is being read.
///
/// Plain numbers only, kept in raw memory as on the encoding side.
struct DecoderFrame {
    /// Whether it is a map; otherwise it is a list.
    var isMap: Bool
    /// The tag of the elements of a packed list; 0 when elements have tags of their own.
    var elementTag: UInt8
    var depth: Int
    var parent: Int
    /// Tells a handle to this frame from one to an earlier frame in the same place.
    var serial: UInt32
    /// What leads here from the parent: the offset of a key, or an index.
    var step: Int
    /// Where the container's tag is.
    var start: Int
    /// Where its first entry is.
    var first: Int
    var count: Int

    /// The first entry not passed yet, where the next key is looked for first.
    var cursor: Int
    var cursorIndex = 0
    /// What leads to the value being read, for coding paths; as ``step``.
    var active = 0
    /// Where a value is that was handed out as a container or a decoder: it ends wherever that has got to.
    var taken = -1
    var takenIndex = 0
    /// Where this container's part of the index starts; below zero while there is none.
    var index = -1
    /// Where the container ends; below zero while that is unknown.
    var end = -1
}

/// Where an entry of a map is.
struct DecoderIndexEntry {
    var key: UInt32
    var value: UInt32
    /// The number of the key in the key table; below zero for a key that is not in it.
    var number: Int32
}

/// A key of the key table, and where it was defined.
struct DecoderKey {
    var string: String
    var offset: Int
    var end: Int
}
