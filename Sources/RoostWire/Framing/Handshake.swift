/// The first message each side of a connection sends: who it is to the protocol, and what it can do.
///
/// Both sides send theirs without waiting, read the other's, and compute the same ``Agreement`` from the two.
///
/// ```swift
/// Handshake.current.write(to: writer)
/// let peer = try Handshake(from: &reader)
/// let agreed = try Handshake.current.agree(with: peer)
/// ```
///
/// Two sides that share no version get `.unsupportedVersion`, with both ranges in the message. Bytes that do
/// not start with the magic number are `.malformed`: whatever is there, it is not Roost. Fields that a later
/// version appends are ignored.
package struct Handshake: Equatable, Sendable {
    /// `ROOST`, then bytes that a text channel would spoil.
    package static let magic: [UInt8] = [0x52, 0x4F, 0x4F, 0x53, 0x54, 0x0D, 0x0A, 0x00]

    /// What this build of Roost speaks.
    package static let current = Handshake(versions: 1...1)

    /// The protocol versions understood.
    package var versions: ClosedRange<UInt16>
    /// The largest frame body that this side accepts, in bytes.
    package var frameLimit: UInt32
    /// Optional abilities, one bit each; both sides need a bit for it to be used.
    package var features: UInt64

    package init(versions: ClosedRange<UInt16>, frameLimit: UInt32 = 64 << 20, features: UInt64 = 0) {
        self.versions = versions
        self.frameLimit = frameLimit
        self.features = features
    }

    /// Appends the handshake: magic, lowest and highest version, frame limit, features.
    package func write(to writer: ByteWriter) {
        unsafe Self.magic.withUnsafeBytes { unsafe writer.append($0) }
        writer.appendFixed(versions.lowerBound)
        writer.appendFixed(versions.upperBound)
        writer.appendFixed(frameLimit)
        writer.appendFixed(features)
    }

    /// Reads the other side's handshake; what follows the known fields is left unread.
    package init(from reader: inout ByteReader) throws(WireError) {
        let start = reader.offset
        let magic = try unsafe reader.readBytes(Self.magic.count)
        guard unsafe magic.elementsEqual(Self.magic) else {
            throw WireError(.malformed, "the peer does not speak Roost's protocol", offset: start)
        }
        let lowest = try reader.readFixed(UInt16.self)
        let highest = try reader.readFixed(UInt16.self)
        guard lowest <= highest else {
            throw WireError(.malformed, "version range \(lowest) to \(highest) is empty", offset: start)
        }
        versions = lowest...highest
        frameLimit = try reader.readFixed(UInt32.self)
        features = try reader.readFixed(UInt64.self)
    }

    /// What two sides do from here on.
    package struct Agreement: Equatable, Sendable {
        /// The highest version that both understand.
        package let version: UInt16
        /// The largest frame body that may be sent, in bytes: what the peer accepts.
        package let sendLimit: UInt32
        /// The abilities that both have.
        package let features: UInt64
    }

    /// What this side and its peer have in common.
    package func agree(with peer: Handshake) throws(WireError) -> Agreement {
        guard versions.overlaps(peer.versions) else {
            throw WireError(
                .unsupportedVersion,
                "this side speaks versions \(Self.text(versions)), the peer \(Self.text(peer.versions))")
        }
        return Agreement(
            version: min(versions.upperBound, peer.versions.upperBound),
            sendLimit: peer.frameLimit,
            features: features & peer.features)
    }

    private static func text(_ range: ClosedRange<UInt16>) -> String {
        range.lowerBound == range.upperBound
            ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }
}
