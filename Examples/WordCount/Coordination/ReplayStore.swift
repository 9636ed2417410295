/// Keeps what a reducer was given, so that a successor can be given it again.
///
/// The counts lie one after another in a log. Its end is in memory; whenever that passes ``memoryBound`` it is moved
/// to a temporary file that has no name, so nothing is left behind whatever happens. Reading an entry back takes
/// memory for that entry only. In memory for good are a few numbers for each entry.
///
/// A full disk loses nothing: the log stays in memory from then on, and ``spillFailure`` says why.
struct ReplayStore: ~Copyable {
    private struct Entry {
        var chunk: Int
        var attempt: Int
        var part: Int
        var parts: Int
        var offset: Int
        var length: Int
    }

    let memoryBound: Int
    /// The error that keeps the log in memory, if there was one.
    private(set) var spillFailure: SystemError?
    private var entries: [Entry] = []
    private var tail: [UInt8] = []
    private var file: SpillFile?
    private var spilled = 0
    private let directory: InputPath

    /// An empty store.
    ///
    /// - Parameters:
    ///   - memoryBound: how many bytes of counts may stay in memory.
    ///   - directory: where the temporary file is made, when it is needed.
    init(memoryBound: Int = 8 << 20, directory: InputPath = SpillFile.usualDirectory) {
        self.memoryBound = memoryBound
        self.directory = directory
    }

    /// How many entries there are.
    var count: Int { entries.count }

    /// How many bytes of counts are in memory.
    var bytesInMemory: Int { tail.count }

    /// How many bytes of counts are in the temporary file.
    var bytesInFile: Int { spilled }

    mutating func append(_ delivery: borrowing Delivery) {
        let entry = Entry(
            chunk: delivery.chunk, attempt: delivery.attempt, part: delivery.part, parts: delivery.parts,
            offset: spilled + tail.count, length: delivery.counts.count)
        entries.append(entry)
        tail.append(contentsOf: delivery.counts)
        if tail.count > memoryBound && spillFailure == nil { spill() }
    }

    /// An entry, as it was appended.
    ///
    /// - Throws: ``SystemError`` if the temporary file cannot be read.
    func delivery(_ index: Int) throws(SystemError) -> Delivery {
        let entry = entries[index]
        return Delivery(
            chunk: entry.chunk, attempt: entry.attempt, part: entry.part, parts: entry.parts,
            counts: try counts(of: entry))
    }

    private func counts(of entry: Entry) throws(SystemError) -> [UInt8] {
        guard entry.offset < spilled, file != nil else {
            let start = entry.offset - spilled
            return Array(tail[start..<start + entry.length])
        }
        // The log is spilled whole, so no entry lies half in the file.
        return try file?.read(entry.length, at: entry.offset) ?? []
    }

    private mutating func spill() {
        do throws(SystemError) {
            if file == nil { file = try SpillFile(in: directory) }
            try file?.write(tail, at: spilled)
            spilled += tail.count
            tail.removeAll(keepingCapacity: true)
        } catch {
            spillFailure = error
        }
    }
}
