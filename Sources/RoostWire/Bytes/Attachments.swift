/// What goes along with a message and is no bytes: values in the message refer to it by its place in a list.
public typealias Attachment = any AnyObject & Sendable

/// An encoder whose value is part of a message that objects can be attached to.
package protocol AttachingEncoder {
    /// Attaches an object to the message; the same one twice gets one place.
    ///
    /// - Returns: its place, or nil when nothing can be attached here: then its contents are to be encoded.
    func attach(_ object: Attachment) throws -> Int?
}

/// A decoder whose value is part of a message that objects may be attached to.
package protocol DetachingDecoder {
    /// What is attached to the message.
    var attachments: [Attachment] { get }
}

extension ByteWriter {
    /// How many objects may be attached to the message written here; 0 at first.
    public var maximumAttachments: Int {
        get { unsafe sink.state.pointee.maximumAttachments }
        set { unsafe sink.state.pointee.maximumAttachments = newValue }
    }

    /// What is attached to the message.
    public var attachments: [Attachment] {
        get { unsafe sink.state.pointee.attachments }
        set { unsafe sink.state.pointee.attachments = newValue }
    }
}

extension ByteSink {
    /// Adds an object that goes along with the bytes; nil when none may.
    func attach(_ object: Attachment) throws(WireError) -> Int? {
        let attached = unsafe state.pointee.attachments
        let maximum = unsafe state.pointee.maximumAttachments
        if maximum == 0 { return nil }
        if let place = attached.firstIndex(where: { $0 === object }) { return place }
        guard attached.count < maximum else {
            throw WireError(.tooLarge, "a message has at most \(maximum) blobs")
        }
        unsafe state.pointee.attachments.append(object)
        return attached.count
    }

    func dropAttachments(from count: Int) {
        if unsafe state.pointee.attachments.count > count {
            unsafe state.pointee.attachments.removeLast(state.pointee.attachments.count - count)
        }
    }
}
