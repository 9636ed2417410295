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
        var unplaced: [Int] = []
        for value in thread["frames"]?.elements ?? [] {
            if value["kind"]?.string == "omittedFrames" {
                if !frames.isEmpty { frames[frames.count - 1].omitted = value["count"]?.integer ?? 1 }
            } else if let frame = Frame(value) {
                if value["system"]?.isTrue == true { unplaced.append(frames.count) }
                frames.append(frame)
            }
        }
        if frames.isEmpty { return nil }
        markGenerated(among: unplaced)
    }

    // The backtracer takes frames without a line for the compiler's. The optimiser leaves written functions
    // without one too; but what the compiler has made has the name of what it was made for.
    private mutating func markGenerated(among unplaced: [Int]) {
        for index in unplaced {
            let name = frames[index].function
            frames[index].isGenerated =
                frames[index].isGenerated || frames.contains { $0.line != nil && $0.function == name }
        }
    }
}

extension Backtrace.Frame {
    // Without an address: the mark of a stack whose outer end was not found.
    fileprivate init?(_ value: JSONValue) {
        guard let address = value["address"]?.string.flatMap(Self.address) else { return nil }
        self.address = address
        function = Self.name(value["description"]?.string, offset: value["offset"]?.integer)
        module = value["image"]?.string
        // Where there is no line to name the file is called so, and the line is 0.
        let place = value["sourceLocation"]
        let isWritten = place?["file"]?.string?.hasSuffix("<compiler-generated>") == false
        file = isWritten ? place?["file"]?.string : nil
        line = isWritten ? place?["line"]?.integer : nil
        isGenerated = value["thunk"]?.isTrue == true
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
