extension Decoder {
    /// Throws that the data are corrupted unless the condition holds.
    func check(_ condition: Bool, _ description: @autoclosure () -> String) throws {
        if condition { return }
        throw DecodingError.dataCorrupted(
            DecodingError.Context(codingPath: codingPath, debugDescription: description()))
    }
}
