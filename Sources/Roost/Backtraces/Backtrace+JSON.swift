extension Backtrace {
    /// Reads what `swift-backtrace` has written with `format=json`; nil when that is no JSON, or has no thread
    /// that crashed.
    ///
    /// - Parameter json: the bytes; what comes before the first brace is what the runtime says meanwhile.
    init?(json: [UInt8]) {
        let text = json.drop { $0 != UInt8(ascii: "{") }
        guard let crash = JSONText.value(of: text),
            let thread = crash["threads"]?.elements.first(where: { $0["crashed"]?.isTrue == true })
        else { return nil }
        frames = []
        for frame in thread["frames"]?.elements ?? [] {
            if frame["kind"]?.string == "omittedFrames" {
                if !frames.isEmpty { frames[frames.count - 1].omitted = frame["count"]?.integer ?? 1 }
            } else if let frame = Frame(frame) {
                frames.append(frame)
            }
        }
        if frames.isEmpty { return nil }
    }
}

extension Backtrace.Frame {
    // Without an address: the mark of a stack whose outer end was not found.
    fileprivate init?(_ value: JSONValue) {
        guard let address = value["address"]?.string.flatMap(Self.address) else { return nil }
        self.address = address
        function = Self.name(value["description"]?.string, offset: value["offset"]?.integer)
        module = value["image"]?.string
        // The compiler's own functions have a file of this name, and the line 0.
        let place = value["sourceLocation"]
        let isWritten = place?["file"]?.string?.hasSuffix("<compiler-generated>") == false
        file = isWritten ? place?["file"]?.string : nil
        line = isWritten ? place?["line"]?.integer : nil
        isGenerated =
            value["thunk"]?.isTrue == true || value["system"]?.isTrue == true || (place != nil && !isWritten)
    }

    private static func address(_ text: String) -> UInt64? {
        text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : nil
    }

    // Without the offset, which is at its end and says nothing to a reader.
    private static func name(_ description: String?, offset: Int?) -> String? {
        guard let description else { return nil }
        let end = " + \(offset ?? 0)"
        return description.hasSuffix(end) ? String(description.dropLast(end.count)) : description
    }
}
