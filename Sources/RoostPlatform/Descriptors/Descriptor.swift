internal import Glibc

/// The one owner of an open file descriptor: closed when it goes out of scope, or by ``close()``.
package struct Descriptor: ~Copyable, Sendable {
    package let raw: Int32

    /// Takes over `raw`; nobody else may close it afterwards.
    package init(owning raw: Int32) {
        self.raw = raw
    }

    deinit {
        _ = Glibc.close(raw)
    }

    /// Closes the descriptor now.
    package consuming func close() {}

    /// Gives the number away; the receiver closes it.
    package consuming func release() -> Int32 {
        let raw = raw
        discard self
        return raw
    }
}

/// A descriptor with several owners: closed when the last of them lets go.
package final class SharedDescriptor: Sendable {
    private let descriptor: Descriptor

    package init(_ descriptor: consuming Descriptor) {
        self.descriptor = descriptor
    }

    package var raw: Int32 { descriptor.raw }
}
