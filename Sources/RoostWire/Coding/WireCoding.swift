/// Turns `Codable` values into compact bytes and back.
///
/// ```swift
/// try WireCoding.encode(order, into: writer)
/// let copy = try WireCoding.decode(Order.self, from: &reader)
/// ```
///
/// Bytes of the wrong shape throw a `DecodingError`, as with any decoder; bytes that are no value at all throw
/// a ``WireError``. Neither takes more memory or time than the number of bytes justifies. Scalars, arrays of
/// them and dictionaries to them are copied without an encoder, and every reader takes what either way writes;
/// `userInfo` is asked for only when there is an encoder or decoder to have it.
package enum WireCoding {
    /// Whether values of a type are copied without an encoder; only speed depends on it.
    package static func isFast<T>(_ type: T.Type) -> Bool { FastType.of(T.self) != nil }

    /// Appends a value to `writer`.
    ///
    /// When `encode(to:)` throws, its error is thrown unchanged and `writer` is as it was. A value nested deeper
    /// than the limits allow throws `.tooDeep`; a type that uses its encoder in an impossible way, `.misuse`.
    package static func encode<T: Encodable>(
        _ value: T, into writer: ByteWriter,
        userInfo: @autoclosure () -> [CodingUserInfoKey: any Sendable] = .init(),
        limits: WireLimits = .standard
    ) throws {
        if let fast = FastType.of(T.self) { return FastWrite.write(value, as: fast, to: writer.sink) }
        // A type that encodes into the same writer while it is encoded gets a core of its own.
        let core = writer.takeEncoder()
        core.begin(userInfo: userInfo(), limits: limits)
        let start = writer.count
        let attached = writer.attachments.count
        do {
            try core.writeValue(value, parent: -1, step: .none)
            if let misuse = core.misuse { throw misuse }
        } catch {
            writer.truncate(to: start)
            writer.sink.dropAttachments(from: attached)
            core.finish()
            writer.giveBack(core)
            throw error
        }
        core.finish()
        writer.giveBack(core)
    }

    /// Reads a value, which may refer to the message's attachments; what follows it is left unread.
    ///
    /// Whoever reads many values passes the same `scratch` each time, and saves the allocations of a decoder.
    package static func decode<T: Decodable>(
        _ type: T.Type, from reader: inout ByteReader,
        userInfo: @autoclosure () -> [CodingUserInfoKey: any Sendable] = .init(),
        limits: WireLimits = .standard, attachments: [Attachment] = [], scratch: DecodingScratch? = nil
    ) throws -> T {
        if let fast = FastType.of(T.self) {
            do {
                var ahead = reader
                let value = try FastRead.read(T.self, as: fast, tag: try ahead.readTag(), from: &ahead)
                reader = ahead
                return value
            } catch ScalarFault.needsKeyTable {
                // Written by a type that is not fast; a decoder can read it.
            } catch let fault as ScalarFault {
                throw fault.decodingError(T.self, [])
            }
        }
        guard unsafe reader.base.count <= Int(Int32.max) else {
            throw WireError(.tooLarge, "a value is read from at most 2 GiB")
        }
        let core = scratch?.takeDecoder() ?? DecoderCore()
        unsafe core.begin(reader.base, userInfo: userInfo(), limits: limits)
        if !attachments.isEmpty { core.attachments = attachments }
        do {
            let value = try core.value(
                T.self, at: reader.offset, elementTag: 0, parent: .nowhere, depth: 0)
            reader.offset = core.passed.end
            core.finish()
            scratch?.giveBack(core)
            return value
        } catch {
            core.finish()
            scratch?.giveBack(core)
            throw error
        }
    }
}

/// What a decoder needs and the next one can use again.
///
/// `@unchecked Sendable`: whoever owns it guards it, as with a ``ByteWriter``.
package final class DecodingScratch: @unchecked Sendable {
    private var idleDecoder: DecoderCore?

    package init() {}

    fileprivate func takeDecoder() -> DecoderCore? { idleDecoder.take() }

    fileprivate func giveBack(_ core: consuming DecoderCore) {
        var core = core
        // A decoder that a type has kept must not see the next message.
        if isKnownUniquelyReferenced(&core) { idleDecoder = core }
    }
}
