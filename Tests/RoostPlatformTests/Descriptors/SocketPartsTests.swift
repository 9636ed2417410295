import Glibc
import RoostPlatform
import Testing

@Suite struct SocketPartsTests {
    private func send(
        _ socket: Int32, _ first: [UInt8], _ second: [UInt8] = [], descriptors: [Int32] = []
    ) -> Sockets.Outcome {
        unsafe first.withUnsafeBytes { first in
            unsafe second.withUnsafeBytes { unsafe Sockets.send(socket, first, $0, descriptors: descriptors) }
        }
    }

    private func receive(
        _ socket: Int32, _ first: Int, _ second: Int = 0
    ) -> (outcome: Sockets.Outcome, first: [UInt8], second: [UInt8], batch: DescriptorBatch?) {
        var one = [UInt8](repeating: 0, count: first)
        var two = [UInt8](repeating: 0, count: second)
        let (outcome, batch) = unsafe one.withUnsafeMutableBytes { one in
            unsafe two.withUnsafeMutableBytes { unsafe Sockets.receive(socket, into: one, $0) }
        }
        return (outcome, one, two, batch)
    }

    @Test func `two stretches leave as one, and arrive in two`() throws {
        let pair = try Sockets.pair(.stream)
        #expect(send(pair.first.raw, [1, 2, 3], [4, 5]) == .moved(5))
        let got = receive(pair.second.raw, 2, 4)
        #expect(got.outcome == .moved(5) && got.first == [1, 2] && got.second == [3, 4, 5, 0])
        #expect(got.batch == nil)
        #expect(send(pair.first.raw, [6]) == .moved(1))
        #expect(receive(pair.second.raw, 1).first == [6])
    }

    @Test func `nothing to read would block, and the end is the end`() throws {
        let pair = try Sockets.pair(.stream)
        #expect(receive(pair.second.raw, 4, 4).outcome == .wouldBlock)
        Sockets.shutDown(pair.first.raw)
        #expect(receive(pair.second.raw, 4, 4).outcome == .ended)
        #expect(send(pair.first.raw, [1], [2]) == .ended)
    }

    @Test func `descriptors come with the first byte of their write, and with no other's`() throws {
        let pair = try Sockets.pair(.stream)
        #expect(send(pair.first.raw, [1]) == .moved(1))
        #expect(send(pair.first.raw, [2, 3], descriptors: [pair.first.raw]) == .moved(2))
        #expect(send(pair.first.raw, [4], descriptors: [pair.first.raw, pair.second.raw]) == .moved(1))
        var counts: [(bytes: [UInt8], descriptors: Int)] = []
        while case let got = receive(pair.second.raw, 8), case .moved(let count) = got.outcome {
            counts.append((Array(got.first.prefix(count)), got.batch?.descriptors.count ?? 0))
        }
        // What was written before may come along, what was written after does not.
        #expect(counts.flatMap(\.bytes) == [1, 2, 3, 4])
        #expect(counts.last?.bytes == [4] && counts.map(\.descriptors).suffix(2) == [1, 2])
    }

    @Test func `the kernel's limit of descriptors passes, and one more is refused`() throws {
        let pair = try Sockets.pair(.stream)
        #expect(Sockets.maximumDescriptors == 253)
        let most = [Int32](repeating: pair.first.raw, count: Sockets.maximumDescriptors)
        #expect(send(pair.first.raw, [1], descriptors: most) == .moved(1))
        let batch = try #require(receive(pair.second.raw, 1).batch)
        #expect(batch.descriptors.count == 253 && !batch.isTruncated)
        #expect(batch.descriptors.allSatisfy { fcntl($0.raw, F_GETFD) & FD_CLOEXEC != 0 })
        #expect(send(pair.first.raw, [1], descriptors: most + [0]) == .failed(EINVAL))
        #expect(receive(pair.second.raw, 1).outcome == .wouldBlock)
    }

    @Test func `a batch is of the number told, or of fewer when some were lost`() throws {
        let pair = try Sockets.pair(.stream)
        let one = SharedDescriptor(Descriptor(owning: dup(pair.first.raw)))
        #expect(DescriptorBatch([one]).isOf(1))
        #expect(!DescriptorBatch([one]).isOf(2) && !DescriptorBatch([one]).isOf(0))
        #expect(DescriptorBatch([one], isTruncated: true).isOf(2))
        #expect(!DescriptorBatch([one, one], isTruncated: true).isOf(1))
    }
}
