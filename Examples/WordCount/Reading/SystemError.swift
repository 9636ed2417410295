import Glibc

/// An error number of the system, and its usual text.
struct SystemError: Error, Hashable {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    /// The error of the call that has just failed.
    static var last: SystemError { SystemError(errno) }
}

extension SystemError: CustomStringConvertible {
    var description: String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, unsafe strerror_r(number, start, 256) == 0 else {
                return "error \(number)"
            }
            return unsafe String(cString: start)
        }
    }
}
