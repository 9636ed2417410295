/// Writes a value of a fast type.
@safe
struct FastWrite {
    private let value: UnsafeRawPointer
    private let type: FastType
    private let writer: ByteSink

    /// Writes `value`, which is of the type that `type` describes.
    @inline(__always)
    static func write<T>(_ value: T, as type: FastType, to writer: ByteSink) {
        // Nothing from here on is generic over `T`, so that the runtime has no metadata to look up.
        unsafe withUnsafeBytes(of: value) { bytes in
            guard let start = bytes.baseAddress else { return }
            unsafe FastWrite(value: start, type: type, writer: writer).run()
        }
    }

    private func run() {
        switch type.scalar {
        case .bool: run(Bool.self)
        case .int: run(Int.self)
        case .int8: run(Int8.self)
        case .int16: run(Int16.self)
        case .int32: run(Int32.self)
        case .int64: run(Int64.self)
        case .int128: run(Int128.self)
        case .uint: run(UInt.self)
        case .uint8: run(UInt8.self)
        case .uint16: run(UInt16.self)
        case .uint32: run(UInt32.self)
        case .uint64: run(UInt64.self)
        case .uint128: run(UInt128.self)
        case .float: run(Float.self)
        case .double: run(Double.self)
        case .string: run(String.self)
        }
    }

    @inline(__always)
    private func run<Scalar: WireScalar>(_ scalar: Scalar.Type) {
        switch type.form {
        case .scalar: whole(Scalar.self) { $0.write(to: writer) }
        case .array: whole([Scalar].self) { writer.appendArray($0) }
        case .stringKeyed: whole([String: Scalar].self) { writer.appendDictionary($0) }
        case .intKeyed: whole([Int: Scalar].self) { writer.appendDictionary($0) }
        }
    }

    /// Calls `body` with the value, or writes nil for an optional without one.
    @inline(__always)
    private func whole<Value>(_ type: Value.Type, _ body: (borrowing Value) -> Void) {
        guard self.type.isOptional else {
            return unsafe body(value.assumingMemoryBound(to: Value.self).pointee)
        }
        if let value = unsafe value.assumingMemoryBound(to: Value?.self).pointee {
            body(value)
        } else {
            writer.append(Tag.null)
        }
    }
}
