/// The first frame each side of a control socket sends: that it speaks Roost's protocol, and which versions.
///
/// Both sides send theirs without waiting, read the other's, and come to the same version.
///
/// ```swift
/// Handshake.current.write(to: writer)
/// let peer = try Handshake(from: &reader)
/// let version = try Handshake.current.agree(with: peer)
/// ```
///
/// Two sides that share no version get `.unsupportedVersion`, with both ranges in the message. Bytes that do
/// not start with the magic number are `.malformed`: whatever is there, it is not Roost. Fields that a later
/// version appends are ignored.
package struct Handshake: Equatable, Sendable {
    /// `ROOST`, then bytes that a text channel would spoil.
    package static let magic: [UInt8] = [0x52, 0x4F, 0x4F, 0x53, 0x54, 0x0D, 0x0A, 0x00]

    /// What this build of Roost speaks; raised whenever a frame or a control message changes its meaning.
    package static let current = Handshake(versions: 1...1)

    /// The protocol versions understood.
    package var versions: ClosedRange<UInt16>

    package init(versions: ClosedRange<UInt16>) {
        self.versions = versions
    }

    /// Appends the handshake: magic, lowest and highest version.
    package func write(to writer: ByteWriter) {
        unsafe Self.magic.withUnsafeBytes { unsafe writer.append($0) }
        writer.appendFixed(versions.lowerBound)
        writer.appendFixed(versions.upperBound)
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
    }

    /// The highest version that both sides understand.
    package func agree(with peer: Handshake) throws(WireError) -> UInt16 {
        guard versions.overlaps(peer.versions) else {
            throw WireError(
                .unsupportedVersion,
                "this side speaks versions \(Self.text(versions)), the peer \(Self.text(peer.versions))")
        }
        return min(versions.upperBound, peer.versions.upperBound)
    }

    private static func text(_ range: ClosedRange<UInt16>) -> String {
        range.lowerBound == range.upperBound
            ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }
}
