/// Writes the result to standard output: lines of counts, or one JSON object.
///
/// Words are added in their order and written as they come, so that all the words of a large text take no memory.
struct ResultOutput: ~Copyable {
    private var stream: OutputStream
    private var json: JSONWriter?

    init(descriptor: Int32, isJSON: Bool) {
        stream = OutputStream(descriptor: descriptor)
        guard isJSON else { return }
        var writer = JSONWriter()
        writer.openObject()
        writer.key("words")
        writer.openArray()
        json = writer
    }

    /// Adds the next word.
    mutating func add(_ word: [UInt8], count: UInt64) throws(SystemError) {
        guard var writer = json.take() else {
            try stream.writeCount(count, of: word)
            return
        }
        writer.openObject()
        writer.key("word")
        writer.value(utf8: word)
        writer.key("count")
        writer.value(count)
        writer.closeObject()
        let bytes = writer.take()
        json = writer
        try stream.write(bytes)
    }

    /// Ends the result; the report is part of the JSON object only.
    mutating func finish(_ report: RunReport) throws(SystemError) {
        if var writer = json.take() {
            writer.closeArray()
            report.write(to: &writer)
            writer.closeObject()
            try stream.write(writer.take())
            try stream.write(CollectionOfOne(UInt8(ascii: "\n")))
        }
        try stream.flush()
    }
}
