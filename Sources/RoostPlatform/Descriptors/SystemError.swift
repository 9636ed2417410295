internal import Glibc

/// A system call that failed: which one, and the error number.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    package let call: String
    package let number: Int32

    package init(_ call: String, _ number: Int32? = nil) {
        self.call = call
        self.number = number ?? errno
    }

    package var description: String {
        let text = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "unknown error"
        return "\(call): \(text) (errno \(number))"
    }
}

/// Repeats a system call for as long as a signal interrupts it.
@inline(__always)
package func retryingInterrupts(_ call: () -> Int) -> Int {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}
