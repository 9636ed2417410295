/// Which scalars are part of a word, and what each one is lower-cased to.
///
/// An entry is the UTF-8 of the lower-cased scalar in the bytes of a `UInt32`, first byte lowest; zero marks a
/// scalar that separates words. Entries are made a page of 256 at a time from the standard library's tables, when
/// a page is first met: a text in two scripts touches a handful of the 4,352 pages.
@safe struct ScalarTable: ~Copyable {
    private static let pageCount = 0x110000 >> 8
    private let pages: UnsafeMutablePointer<UnsafeMutablePointer<UInt32>?>

    init() {
        unsafe pages = .allocate(capacity: Self.pageCount)
        unsafe pages.initialize(repeating: nil, count: Self.pageCount)
    }

    deinit {
        for page in 0..<Self.pageCount {
            unsafe pages[page]?.deallocate()
        }
        unsafe pages.deallocate()
    }

    /// The lower-cased UTF-8 of a scalar, or zero if it separates words.
    ///
    /// `value` is below 0x110000.
    @inline(__always)
    func entry(for value: UInt32) -> UInt32 {
        let page = Int(truncatingIfNeeded: value >> 8)
        let place = Int(truncatingIfNeeded: value & 0xff)
        guard let entries = unsafe pages[page] else {
            return unsafe makePage(page)[place]
        }
        return unsafe entries[place]
    }

    /// How many bytes of an entry are used.
    @inline(__always)
    static func length(ofEntry entry: UInt32) -> Int {
        4 &- entry.leadingZeroBitCount >> 3
    }

    @inline(never)
    private func makePage(_ page: Int) -> UnsafeMutablePointer<UInt32> {
        let entries = UnsafeMutablePointer<UInt32>.allocate(capacity: 256)
        for place in 0..<256 {
            let scalar = Unicode.Scalar(UInt32(page << 8 | place))
            unsafe (entries + place).initialize(to: scalar.map(Self.entry(of:)) ?? 0)
        }
        unsafe pages[page] = unsafe entries
        return unsafe entries
    }

    /// The entry of one scalar, from the standard library's properties.
    static func entry(of scalar: Unicode.Scalar) -> UInt32 {
        guard isPartOfWord(scalar) else { return 0 }
        let lowered = simpleLowerCase(scalar)
        var entry: UInt32 = 0
        for (index, byte) in String(lowered).utf8.enumerated() {
            entry |= UInt32(byte) << UInt32(index * 8)
        }
        return entry
    }

    private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .enclosingMark,
            .decimalNumber, .letterNumber, .otherNumber:
            true
        default:
            false
        }
    }

    /// The simple mapping of UnicodeData.txt.
    ///
    /// The standard library offers the full mapping, which differs for one scalar: U+0130 (İ) is lower-cased to
    /// `i` and a combining dot in full, to `i` alone when scalar for scalar. Both begin with the simple mapping.
    private static func simpleLowerCase(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard scalar.properties.changesWhenLowercased else { return scalar }
        return scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
    }
}
