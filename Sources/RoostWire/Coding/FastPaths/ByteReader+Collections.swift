// Arrays and dictionaries of scalars, in each of the forms that a list or a map has on the wire.

/// The most elements that memory is reserved for on the word of a count alone; more grow as they are read.
private let reservedAtMost = 1 << 14

extension ByteReader {
    /// Reads an array whose tag has been read: packed, or with a tag before each element.
    mutating func readArray<Scalar: WireScalar>(
        of type: Scalar.Type, tag: UInt8
    ) throws(ScalarFault) -> [Scalar] {
        if let element = Tag.element(ofPacked: tag) {
            return try readPacked(element: element)
        }
        let count = try readHeader(tag, short: Tag.shortList, long: Tag.list)
        var array: [Scalar] = []
        array.reserveCapacity(min(count, reservedAtMost))
        for _ in 0..<count { array.append(try Scalar.read(from: &self)) }
        return array
    }

    private mutating func readPacked<Scalar: WireScalar>(element: UInt8) throws(ScalarFault) -> [Scalar] {
        let count = try readPackedCount(element: element)
        // Booleans need a look at each byte, and other widths a conversion.
        guard element == Scalar.elementTag, element != Tag.boolElement else {
            var array: [Scalar] = []
            array.reserveCapacity(min(count, reservedAtMost))
            for _ in 0..<count { array.append(try Scalar.read(tag: element, from: &self)) }
            return array
        }
        let bytes: UnsafeRawBufferPointer
        do {
            unsafe bytes = try readBytes(count * MemoryLayout<Scalar>.size)
        } catch { throw .wire(error) }
        if Scalar.self == UInt8.self {
            // Twice as quick as the initialiser below, which wants aligned memory for anything larger.
            return unsafe unsafeBitCast([UInt8](bytes), to: [Scalar].self)
        }
        return unsafe [Scalar](unsafeUninitializedCapacity: count) { target, initialized in
            unsafe UnsafeMutableRawBufferPointer(target).copyMemory(from: bytes)
            initialized = count
        }
    }

    /// Reads the count of a packed list, all of whose elements are there.
    mutating func readPackedCount(element: UInt8) throws(ScalarFault) -> Int {
        do { return try readCount(elementSize: Tag.width(element) ?? 1) } catch { throw .wire(error) }
    }

    /// Reads a dictionary from strings; integer keys are taken as their decimal digits.
    mutating func readStringKeyed<Scalar: WireScalar>(
        _ type: Scalar.Type, tag: UInt8
    ) throws(ScalarFault) -> [String: Scalar] {
        try readDictionary(tag) { reader, form throws(WireError) in
            form == KeyForm.literal ? try reader.readString() : String(try reader.readZigzag())
        }
    }

    /// Reads a dictionary from integers; string keys have to be decimal numbers.
    mutating func readIntKeyed<Scalar: WireScalar>(
        _ type: Scalar.Type, tag: UInt8
    ) throws(ScalarFault) -> [Int: Scalar] {
        try readDictionary(tag) { reader, form throws(WireError) in
            form == KeyForm.integer ? Int(exactly: try reader.readZigzag()) : Int(try reader.readString())
        }
    }

    /// Reads a map with keys of its own; one that uses the key table is left to a decoder.
    @inline(__always)
    private mutating func readDictionary<Key: Hashable, Scalar: WireScalar>(
        _ tag: UInt8, _ readKey: (inout ByteReader, UInt64) throws(WireError) -> Key?
    ) throws(ScalarFault) -> [Key: Scalar] {
        let count = try readHeader(tag, short: Tag.shortMap, long: Tag.map)
        var dictionary: [Key: Scalar] = [:]
        dictionary.reserveCapacity(min(count, reservedAtMost))
        for _ in 0..<count {
            let start = offset
            let key: Key?
            do {
                let form = try readVarint()
                guard form == KeyForm.literal || form == KeyForm.integer else {
                    throw ScalarFault.needsKeyTable
                }
                key = try readKey(&self, form)
            } catch let error as WireError { throw .wire(error) } catch { throw .needsKeyTable }
            guard let key else { throw .mismatch(tag: Tag.map) }
            let value = try Scalar.read(from: &self)
            guard dictionary.updateValue(value, forKey: key) == nil else {
                throw .wire(WireError(.malformed, "key \(key) is there twice", offset: start))
            }
        }
        return dictionary
    }

    /// Reads the count of a list or map whose tag has been read.
    @inline(__always)
    mutating func readHeader(_ tag: UInt8, short: UInt8, long: UInt8) throws(ScalarFault) -> Int {
        // A list element takes a byte at least, a map entry two.
        let smallest = short == Tag.shortMap ? 2 : 1
        if tag >= short, tag <= short + UInt8(Tag.shortCount) {
            let count = Int(tag - short)
            guard count * smallest <= remaining else {
                throw .wire(implausible(count: UInt64(count), elementSize: smallest))
            }
            return count
        }
        guard tag == long else { throw .mismatch(tag: tag) }
        do { return try readCount(elementSize: smallest) } catch { throw .wire(error) }
    }

    /// Reads a signed number: a varint whose lowest bit is the sign.
    mutating func readZigzag() throws(WireError) -> Int64 {
        let bits = try readVarint()
        return Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1)
    }
}
