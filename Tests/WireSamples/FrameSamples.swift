package import RoostWire

/// Bodies of frames on a data socket, written by the encoders themselves: all kinds, and fields at their edges.
package enum FrameSamples {
    /// - Parameters:
    ///   - targets: names of methods, each of which is defined and called.
    ///   - arguments: encoded arguments, any of which may go with any method.
    ///   - keys: actors that are named as senders and on paths.
    ///   - generics: names of types.
    /// - Returns: bodies, without the lengths before them.
    package static func bodies(
        targets: [String], arguments: [[UInt8]], keys: [ActorKey], generics: [String]
    ) -> [[UInt8]] {
        var bodies: [[UInt8]] = []
        for (number, name) in targets.enumerated() {
            bodies.append(definition(UInt16(number), name))
            for bytes in arguments {
                bodies += messages(to: UInt16(number), bytes, keys: keys, generics: generics)
            }
        }
        bodies += [
            definition(65_534, "x"), definition(65_535, "x"), definition(1, ""), definition(2, "\u{1}abcd"),
        ]
        bodies.append(definition(3, String(repeating: "a", count: 5_000)))
        return bodies + others
    }

    /// A frame that is nothing but its header.
    package static func header(_ kind: FrameKind, receiver: UInt32) -> [UInt8] {
        body(FrameHeader(kind: kind, receiver: receiver)) { _ in }
    }

    package static func definition(_ number: UInt16, _ name: String) -> [UInt8] {
        body(FrameHeader(kind: .defineTarget, target: number)) { $0.appendString(name) }
    }

    private static func messages(
        to target: UInt16, _ arguments: [UInt8], keys: [ActorKey], generics: [String]
    ) -> [[UInt8]] {
        let sections = [
            MessageSections(),
            MessageSections(deadline: .max, path: keys),
            MessageSections(deadline: 0),
            MessageSections(path: keys + keys, generics: generics),
            MessageSections(sender: keys.last, generics: Array(generics.prefix(1))),
        ]
        var bodies: [[UInt8]] = []
        for (index, sections) in sections.enumerated() {
            for kind in [FrameKind.call, .tell] {
                let header = FrameHeader(
                    kind: kind, flags: sections.flags.rawValue, target: target,
                    receiver: index == 2 ? .max : UInt32(index & 1), call: UInt32(index))
                bodies.append(
                    body(header) { writer in
                        sections.write(to: writer)
                        for byte in arguments { writer.append(byte) }
                    })
            }
        }
        return bodies
    }

    /// Answers never asked for, credit never spent, and every kind with numbers at their edges.
    private static var others: [[UInt8]] {
        var bodies: [[UInt8]] = []
        for kind in FrameKind.allCases {
            for number: UInt32 in [0, 1, 7, .max] {
                let header = FrameHeader(kind: kind, flags: 0, receiver: number, call: number)
                bodies.append(body(header) { _ in })
                bodies.append(body(header) { $0.appendFixed(UInt64.max) })
                bodies.append(
                    body(header) {
                        $0.appendFixed(UInt64(Int64.max))
                        $0.appendFixed(UInt64.max)
                    })
            }
        }
        for status in UInt8(0)...5 {
            bodies.append(
                body(FrameHeader(kind: .reply, flags: status, call: UInt32(status))) { writer in
                    for byte in bytes(MessageSamples.refusals[0].hex) { writer.append(byte) }
                })
        }
        return bodies
    }

    private static func body(_ header: FrameHeader, _ rest: (ByteWriter) -> Void) -> [UInt8] {
        let writer = ByteWriter()
        header.write(to: writer)
        rest(writer)
        return unsafe Array(writer.bytes)
    }
}
