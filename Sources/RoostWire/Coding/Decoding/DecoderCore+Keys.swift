// Keys, and finding entries by them.

/// A key as it is in the bytes.
enum WireMapKey {
    /// A number of the key table.
    case number(Int)
    case literal(String)
}

/// Where an entry was found.
struct FoundEntry {
    var value: Int
    /// Which of the container's entries it is.
    var index: Int
}

extension DecoderCore {
    /// Up to so many entries an index is searched one by one.
    private static var searched: Int { 24 }

    /// Reads a key; one that is defined here for the first time joins the key table.
    @inline(__always)
    func readKey(_ reader: inout ByteReader) throws(WireError) -> WireMapKey {
        let start = reader.offset
        let form = try reader.readVarint()
        if form >= KeyForm.reference {
            let number = form - KeyForm.reference
            guard number < UInt64(keyCount) else {
                throw WireError(
                    .malformed, "key \(number) is used and \(keyCount) are defined", offset: start)
            }
            return .number(Int(number))
        }
        return try readSpelledKey(form, start: start, &reader)
    }

    @inline(never)
    private func readSpelledKey(
        _ form: UInt64, start: Int, _ reader: inout ByteReader
    ) throws(WireError) -> WireMapKey {
        if form == KeyForm.literal { return .literal(try reader.readString()) }
        if form == KeyForm.integer { return .literal(String(try reader.readZigzag())) }
        if start >= keysEnd { return .number(try defineKey(start: start, &reader)) }
        // Seen before, when these bytes were passed the first time.
        var low = 0
        var high = keyCount
        while low < high {
            let middle = (low + high) / 2
            if keys[middle].offset < start { low = middle + 1 } else { high = middle }
        }
        guard low < keyCount, keys[low].offset == start else {
            throw WireError(.malformed, "a key is defined inside another value", offset: start)
        }
        reader.offset = keys[low].end
        return .number(low)
    }

    /// Adds a key to the table.
    ///
    /// The last message mostly had the same key in the same place, and then its string is used again.
    private func defineKey(start: Int, _ reader: inout ByteReader) throws(WireError) -> Int {
        let number = keyCount
        let count = try reader.readCount()
        if number < keys.count {
            let utf8 = unsafe UnsafeRawBufferPointer(rebasing: reader.unread[..<count])
            let isSame = keys[number].string.withUTF8 {
                unsafe UnsafeRawBufferPointer($0).hasSameBytes(as: utf8)
            }
            if isSame {
                reader.offset += count
            } else {
                keys[number].string = try reader.readShortString(count)
            }
            keys[number].offset = start
            keys[number].end = reader.offset
        } else {
            let string = try reader.readShortString(count)
            keys.append(DecoderKey(string: string, offset: start, end: reader.offset))
        }
        keyCount += 1
        keysEnd = reader.offset
        return number
    }

    @inline(__always)
    func string(_ key: WireMapKey) -> String {
        switch key {
        case .number(let number): keys[number].string
        case .literal(let string): string
        }
    }

    @inline(__always)
    private func isKey(_ key: WireMapKey, _ other: String) -> Bool {
        switch key {
        case .number(let number): keys[number].string == other
        case .literal(let string): string == other
        }
    }

    /// Finds the entry with a key; nil when there is none.
    func find(_ key: String, in frame: Int) throws -> FoundEntry? {
        do throws(WireError) {
            try settle(frame)
            // Single fields, because a frame is too large to copy for each key.
            let index = unsafe frames[frame].cursorIndex
            if unsafe index < frames[frame].count {
                let cursor = unsafe frames[frame].cursor
                var reader = reader(at: cursor)
                if isKey(try readKey(&reader), key) {
                    unsafe frames[frame].active = cursor
                    return FoundEntry(value: reader.offset, index: index)
                }
            }
            return try findAnywhere(key, in: frame)
        } catch {
            throw located(
                error, Never.self, FrameHandle(index: Int32(frame), serial: unsafe frames[frame].serial))
        }
    }

    @inline(never)
    private func findAnywhere(_ key: String, in frame: Int) throws(WireError) -> FoundEntry? {
        try makeIndex(of: frame)
        let state = unsafe frames[frame]
        if state.count > Self.searched {
            guard let entry = tables[state.serial]?[key] else { return nil }
            return found(Int(entry), in: frame)
        }
        for entry in 0..<state.count {
            let number = index[state.index + entry].number
            let matches =
                number >= 0 ? keys[Int(number)].string == key : try self.key(of: entry, in: frame) == key
            if matches { return found(entry, in: frame) }
        }
        return nil
    }

    private func found(_ entry: Int, in frame: Int) -> FoundEntry {
        let place = unsafe index[frames[frame].index + entry]
        unsafe frames[frame].active = Int(place.key)
        return FoundEntry(value: Int(place.value), index: entry)
    }

    /// The key of an indexed entry.
    func key(of entry: Int, in frame: Int) throws(WireError) -> String {
        var reader = unsafe reader(at: Int(index[frames[frame].index + entry].key))
        return string(try readKey(&reader))
    }

    /// The keys of a map, in the order they were written.
    func allKeys(of frame: Int) throws(WireError) -> [String] {
        let state = unsafe frames[frame]
        if state.count == 1, state.index < 0 {
            // An enum's case, nearly always: there is nothing behind the key to walk.
            var reader = reader(at: state.first)
            return [string(try readKey(&reader))]
        }
        try makeIndex(of: frame)
        var all: [String] = []
        for entry in 0..<state.count { all.append(try key(of: entry, in: frame)) }
        return all
    }

    /// Walks a map once and notes where its entries are.
    func makeIndex(of frame: Int) throws(WireError) {
        let state = unsafe frames[frame]
        guard state.index < 0 else { return }
        if !isInScope(frame) { keepsIndex = true }
        let start = index.count
        var reader = reader(at: state.first)
        for _ in 0..<state.count {
            let keyOffset = reader.offset
            let key = try readKey(&reader)
            var number: Int32 = -1
            if case .number(let known) = key { number = Int32(known) }
            index.append(
                DecoderIndexEntry(key: UInt32(keyOffset), value: UInt32(reader.offset), number: number))
            try skip(&reader, depth: state.depth + 1)
        }
        unsafe frames[frame].index = start
        unsafe frames[frame].end = reader.offset
        if state.count > Self.searched { try makeTable(of: frame) }
    }

    private func makeTable(of frame: Int) throws(WireError) {
        var table: [String: Int32] = [:]
        for entry in unsafe 0..<frames[frame].count {
            let key = try key(of: entry, in: frame)
            if table[key] == nil { table[key] = Int32(entry) }
        }
        unsafe tables[frames[frame].serial] = table
    }

    /// Notes that the entry's value was passed, so that the next key is looked for after it.
    @inline(__always)
    func pass(_ entry: FoundEntry, in frame: Int) {
        unsafe frames[frame].cursor = passed.end
        unsafe frames[frame].cursorIndex = entry.index + 1
    }
}
