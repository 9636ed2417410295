internal import RoostPlatform

/// Why a ``Blob`` could not be made: no memory, or no descriptor left.
public struct BlobError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, as the operating system says it: `EMFILE`, `ENOMEM`, `ENOSPC` or another error number.
    public let errorNumber: Int32
    /// The call that failed, and its error.
    public let description: String

    init(_ error: SystemError) {
        errorNumber = error.number
        description = "a blob could not be made: \(error)"
    }
}
