/// Where bytes are appended: what a ``ByteWriter`` owns, as a pointer that is copied without counting references.
///
/// Everything inside this module writes through a sink. It is valid while its writer is.
@safe @usableFromInline
struct ByteSink {
    /// What changes with every append.
    ///
    /// It is behind a pointer because each access to a stored property of a class is checked for exclusivity
    /// while running, which took half of the time of writing an integer.
    @safe @usableFromInline
    struct State {
        // The live bytes are `storage[head..<tail]`.
        @usableFromInline var storage: UnsafeMutableRawPointer
        @usableFromInline var head = 0
        @usableFromInline var tail = 0
        @usableFromInline var capacity: Int
        /// What goes along with the bytes, and how much of it may.
        var attachments: [Attachment] = []
        var maximumAttachments = 0
        @usableFromInline var isKept = false

        init(capacity: Int) {
            unsafe storage = .allocate(byteCount: capacity, alignment: 16)
            self.capacity = capacity
        }
    }

    @usableFromInline let state: UnsafeMutablePointer<State>

    init(capacity: Int) {
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State(capacity: capacity))
    }

    /// Frees the storage; the sink and its copies are invalid from here on.
    func deallocate() {
        unsafe storage.deallocate()
        unsafe state.deinitialize(count: 1).deallocate()
    }

    @inlinable var storage: UnsafeMutableRawPointer {
        get { unsafe state.pointee.storage }
        nonmutating set { unsafe state.pointee.storage = newValue }
    }

    @inlinable var head: Int {
        get { unsafe state.pointee.head }
        nonmutating set { unsafe state.pointee.head = newValue }
    }

    @inlinable var tail: Int {
        get { unsafe state.pointee.tail }
        nonmutating set { unsafe state.pointee.tail = newValue }
    }

    @inlinable var capacity: Int {
        get { unsafe state.pointee.capacity }
        nonmutating set { unsafe state.pointee.capacity = newValue }
    }

    @inlinable var count: Int { tail - head }

    /// Makes sure that `additional` more bytes fit without growing.
    @inlinable func reserve(_ additional: Int) {
        if capacity - tail < additional { makeRoom(for: additional) }
    }

    /// Slides the live bytes down when at least half of the storage is dead, and grows otherwise: each byte
    /// slid is paid for by one removed before, so that a queue costs amortised constant time a byte.
    @usableFromInline @inline(never)
    func makeRoom(for additional: Int) {
        let live = count
        if head >= capacity / 2, capacity - live >= additional {
            unsafe storage.copyMemory(from: storage + head, byteCount: live)
        } else {
            let grown = max(capacity * 2, live + additional)
            let bigger = UnsafeMutableRawPointer.allocate(byteCount: grown, alignment: 16)
            unsafe bigger.copyMemory(from: storage + head, byteCount: live)
            unsafe storage.deallocate()
            unsafe storage = bigger
            capacity = grown
        }
        head = 0
        tail = live
    }

    /// Keeps the first `count` bytes and drops the rest.
    func truncate(to count: Int) {
        precondition(count >= 0 && count <= self.count, "truncating to more bytes than there are")
        tail = head + count
    }
}
