// Arrays and dictionaries of scalars, with everything known beforehand.

extension ByteSink {
    /// Numbers and Booleans as one block of memory; strings one after the other.
    func appendArray<Scalar: WireScalar>(_ array: [Scalar]) {
        guard let element = Scalar.elementTag else {
            appendHeader(short: Tag.shortList, long: Tag.list, count: array.count)
            for value in array { value.write(to: self) }
            return
        }
        append(Tag.packed + element)
        appendVarint(UInt64(array.count))
        unsafe array.withUnsafeBytes { unsafe append($0) }
    }

    /// The keys are spelled out and not remembered: there may be many, and none occurs twice.
    func appendDictionary<Scalar: WireScalar>(_ dictionary: [String: Scalar]) {
        appendHeader(short: Tag.shortMap, long: Tag.map, count: dictionary.count)
        for (key, value) in dictionary {
            appendVarint(KeyForm.literal)
            appendString(key)
            value.write(to: self)
        }
    }

    func appendDictionary<Scalar: WireScalar>(_ dictionary: [Int: Scalar]) {
        appendHeader(short: Tag.shortMap, long: Tag.map, count: dictionary.count)
        for (key, value) in dictionary {
            appendVarint(KeyForm.integer)
            appendZigzag(Int64(key))
            value.write(to: self)
        }
    }

    /// The first bytes of a map or a list with a count known beforehand.
    @inline(__always)
    func appendHeader(short: UInt8, long: UInt8, count: Int) {
        if count <= Tag.shortCount {
            append(short | UInt8(truncatingIfNeeded: count))
        } else {
            append(long)
            appendVarint(UInt64(count))
        }
    }

    /// A signed number as a varint, with the sign in the lowest bit so that small ones stay short.
    func appendZigzag(_ value: Int64) {
        appendVarint(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }
}

#if _endian(big)
    #error("packed lists are copied from memory, which has to be little endian")
#endif
