import Foundation
import Glibc

/// Everything that is written to a descriptor, as it comes, read by a thread of its own.
final class Capture: @unchecked Sendable {
    // @unchecked: all of it is under the condition's lock.

    private let condition = NSCondition()
    private var received: [UInt8] = []
    private var isEnded = false

    /// Reads until the end, and closes the descriptor.
    init(_ descriptor: Int32) {
        Thread.detachNewThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let count = unsafe read(descriptor, &buffer, buffer.count)
                if count < 0 && errno == EINTR { continue }
                // A pseudo-terminal ends with an error.
                if count <= 0 { break }
                change { received += buffer[..<count] }
            }
            close(descriptor)
            change { isEnded = true }
        }
    }

    var bytes: [UInt8] {
        condition.withLock { received }
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Waits until the text satisfies a condition; false if it ended without.
    func wait(until isSatisfied: (String) -> Bool) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while !isSatisfied(String(decoding: received, as: UTF8.self)) {
            if isEnded { return false }
            condition.wait()
        }
        return true
    }

    /// Waits for the end.
    func waitForEnd() {
        _ = wait { _ in false }
    }

    private func change(_ body: () -> Void) {
        condition.withLock {
            body()
            condition.broadcast()
        }
    }
}
