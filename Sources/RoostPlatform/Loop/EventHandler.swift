/// What a descriptor is ready for.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let readable = Readiness(rawValue: 1)
    package static let writable = Readiness(rawValue: 2)
    /// The other side is gone; what it sent before may still be there to read.
    package static let hangup = Readiness(rawValue: 4)
}

/// What an event loop calls, on its thread, when a descriptor is ready.
package protocol EventHandler: AnyObject {
    func ready(_ readiness: Readiness)
}
