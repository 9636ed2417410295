internal import CRoost
internal import Glibc

/// The descriptors that came with one write of the other side.
package struct DescriptorBatch: Sendable {
    package let descriptors: [SharedDescriptor]
    /// Whether some were lost, because this process has no descriptors left.
    package let isTruncated: Bool

    package init(_ descriptors: [SharedDescriptor], isTruncated: Bool = false) {
        self.descriptors = descriptors
        self.isTruncated = isTruncated
    }

    /// Whether these are all of `count` that were sent, or all of them that could be had.
    package func isOf(_ count: Int) -> Bool {
        isTruncated ? descriptors.count <= count : descriptors.count == count
    }
}

extension Sockets {
    /// How many descriptors one write can carry: the kernel's limit.
    package static let maximumDescriptors = Int(ROOST_MAXIMUM_DESCRIPTORS)

    /// Sends what fits of two stretches of bytes, without waiting, with descriptors attached to the first byte.
    package static func send(
        _ socket: Int32, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer,
        descriptors: [Int32]
    ) -> Outcome {
        let sent = retryingInterrupts {
            unsafe descriptors.withUnsafeBufferPointer {
                unsafe roost_send_parts(
                    socket, first.baseAddress, first.count, second.baseAddress, second.count, $0.baseAddress,
                    Int32($0.count))
            }
        }
        // Too many descriptors of this user are on their way: it goes on when some have been received.
        if sent < 0 && errno == ETOOMANYREFS { return .wouldBlock }
        return outcome(sent, endIsZero: false)
    }

    /// Receives what is there into two stretches of memory, without waiting.
    ///
    /// - Returns: what it came to, and the descriptors that came along: those of one write at most, because the
    ///   kernel gives nothing that was written after them.
    package static func receive(
        _ socket: Int32, into first: UnsafeMutableRawBufferPointer, _ second: UnsafeMutableRawBufferPointer
    ) -> (outcome: Outcome, batch: DescriptorBatch?) {
        unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: maximumDescriptors) { found in
            var count: Int32 = 0
            var isTruncated: Int32 = 0
            let received = retryingInterrupts {
                unsafe roost_receive_parts(
                    socket, first.baseAddress, first.count, second.baseAddress, second.count,
                    found.baseAddress, &count, &isTruncated)
            }
            let result = outcome(received, endIsZero: true)
            guard count > 0 || isTruncated != 0 else { return (result, nil) }
            let descriptors = unsafe found.prefix(Int(count)).map {
                SharedDescriptor(Descriptor(owning: $0))
            }
            return (result, DescriptorBatch(descriptors, isTruncated: isTruncated != 0))
        }
    }
}
