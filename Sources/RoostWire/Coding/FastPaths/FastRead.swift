/// Reads a value of a fast type.
@safe
struct FastRead {
    private let target: UnsafeMutableRawPointer
    private let type: FastType
    private let tag: UInt8

    /// Reads a value of `type`, which is what `fast` describes; `tag` has been read.
    ///
    @inline(__always)
    static func read<T>(
        _ type: T.Type, as fast: FastType, tag: UInt8, from reader: inout ByteReader
    ) throws(ScalarFault) -> T {
        // Room for the largest fast type, an optional of 128 bits, on the stack. Raw bytes need no metadata for
        // a pointer or a result of type `T`, which the runtime would look up each time.
        var slot: Slot = (0, 0)
        try unsafe read(&slot, fast, tag, &reader)
        return unsafe take(&slot, as: T.self)
    }

    private typealias Slot = (UInt128, UInt128)

    private static func read(
        _ slot: UnsafeMutableRawPointer, _ fast: FastType, _ tag: UInt8, _ reader: inout ByteReader
    ) throws(ScalarFault) {
        try unsafe FastRead(target: slot, type: fast, tag: tag).run(&reader)
    }

    @inline(__always)
    private static func take<T>(_ slot: UnsafeMutableRawPointer, as type: T.Type) -> T {
        unsafe slot.assumingMemoryBound(to: T.self).move()
    }

    private func run(_ reader: inout ByteReader) throws(ScalarFault) {
        switch type.scalar {
        case .bool: try run(Bool.self, &reader)
        case .int: try run(Int.self, &reader)
        case .int8: try run(Int8.self, &reader)
        case .int16: try run(Int16.self, &reader)
        case .int32: try run(Int32.self, &reader)
        case .int64: try run(Int64.self, &reader)
        case .int128: try run(Int128.self, &reader)
        case .uint: try run(UInt.self, &reader)
        case .uint8: try run(UInt8.self, &reader)
        case .uint16: try run(UInt16.self, &reader)
        case .uint32: try run(UInt32.self, &reader)
        case .uint64: try run(UInt64.self, &reader)
        case .uint128: try run(UInt128.self, &reader)
        case .float: try run(Float.self, &reader)
        case .double: try run(Double.self, &reader)
        case .string: try run(String.self, &reader)
        }
    }

    @inline(__always)
    private func run<Scalar: WireScalar>(
        _ scalar: Scalar.Type, _ reader: inout ByteReader
    ) throws(ScalarFault) {
        let isNil = type.isOptional && tag == Tag.null
        switch type.form {
        case .scalar: fill(isNil ? nil : try Scalar.read(tag: tag, from: &reader))
        case .array: fill(isNil ? nil : try reader.readArray(of: Scalar.self, tag: tag))
        case .stringKeyed: fill(isNil ? nil : try reader.readStringKeyed(Scalar.self, tag: tag))
        case .intKeyed: fill(isNil ? nil : try reader.readIntKeyed(Scalar.self, tag: tag))
        }
    }

    /// Initialises the target with the optional, or with what is in it.
    @inline(__always)
    private func fill<Value>(_ value: Value?) {
        if type.isOptional {
            unsafe target.initializeMemory(as: Value?.self, to: value)
        } else if let value {
            unsafe target.initializeMemory(as: Value.self, to: value)
        }
    }
}
