/// Counts words in one process: what a tokenizer fills from text and a reducer from tokenizers' counts.
///
/// It holds each different word once, in ``byteCount`` bytes of memory; a tokenizer empties it after each chunk,
/// so there its size is bounded by the chunk's. It knows nothing of strings: a word is its bytes.
struct Combiner: ~Copyable {
    private var short = ShortWordTable()
    private var long = LongWordTable()

    /// How many different words there are.
    var distinct: Int { short.distinct + long.distinct }

    /// How much memory the tables take.
    var byteCount: Int { short.byteCount + long.byteCount }

    /// Counts a word of up to sixteen bytes once.
    @inline(__always)
    mutating func addShort(_ low: UInt64, _ high: UInt64) {
        short.add(ShortWord(low: low, high: high), times: 1)
    }

    /// Counts a word of any length above zero.
    mutating func add(_ word: UnsafeRawBufferPointer, times: UInt64) {
        if word.count <= ShortWord.capacity {
            unsafe short.add(ShortWord(word, count: word.count), times: times)
        } else {
            unsafe long.add(word, times: times)
        }
    }

    /// Adds the counts of a blob.
    ///
    /// - Throws: ``BlobError`` if the blob is damaged; what came before the damage has been added.
    mutating func merge(_ blob: [UInt8]) throws(BlobError) {
        var reader = BlobReader(blob)
        while let entry = try reader.next() {
            unsafe blob.withUnsafeBytes { bytes in
                unsafe add(UnsafeRawBufferPointer(rebasing: bytes[entry.word]), times: entry.count)
            }
        }
    }

    /// Forgets all words.
    mutating func removeAll() {
        short.removeAll()
        long.removeAll()
    }

    /// Calls `body` with the bytes of every word, in no particular order; the bytes are good until it
    /// returns.
    func forEach(_ body: (_ word: UnsafeRawBufferPointer, _ hash: UInt64, _ count: UInt64) -> Void) {
        short.forEach { word, count in
            let registers = (word.low.littleEndian, word.high.littleEndian)
            unsafe withUnsafeBytes(of: registers) { bytes in
                unsafe body(UnsafeRawBufferPointer(rebasing: bytes[..<word.count]), word.hash, count)
            }
        }
        unsafe long.forEach(body)
    }

    /// The counts as blobs: for each of `partitions`, parts of about `partSize` bytes.
    ///
    /// A word is in the partition that its hash names, whole and in one part only; so a part exceeds `partSize`
    /// by at most one word. A partition without words has no parts.
    func blobs(partitions: Int, partSize: Int = 1 << 20) -> [[[UInt8]]] {
        var writers = Array(repeating: BlobWriter(partSize: partSize), count: partitions)
        unsafe forEach { word, hash, count in
            unsafe writers[WordHash.partition(hash, of: partitions)].add(word, times: count)
        }
        return writers.map { $0.finish() }
    }
}
