import Foundation
import RoostWire
import Testing

/// The standard depth limit has to be safe on the smallest stack that Roost runs on, in a debug build.
@Suite struct StackTests {
    @Test func `values at the depth limit fit in half a megabyte of stack`() async throws {
        try await onSmallStack {
            let limit = WireLimits.standard.maximumDepth
            _ = try Wire.roundTrip(Chain.of(length: limit))
            #expect(throws: WireError.self) { try Wire.bytes(Chain.of(length: 100_000)) }
            var tree = Tree.leaf
            for number in 0..<limit / 2 - 1 { tree = .node(.leaf, number, tree) }
            try Wire.expectSame(tree)
            var forest = Forest(byName: [:])
            for _ in 0..<limit / 2 - 1 { forest = Forest(byName: ["next": forest]) }
            try Wire.expectSame(forest)
            #expect(throws: WireError.self) { try Wire.value(Wrapped.self, [0x81]) }
            #expect(throws: WireError.self) {
                try Wire.value(HostileBytesTests.Nest.self, [UInt8](repeating: 0x71, count: 10_000))
            }
            #expect(throws: WireError.self) {
                try Wire.value(HostileBytesTests.Ignoring.self, [UInt8](repeating: 0x71, count: 10_000))
            }
        }
    }

    /// Recursive through a dictionary, whose `Codable` conformance takes the most stack.
    private struct Forest: Codable, Equatable {
        var byName: [String: Forest]
    }

    private func onSmallStack(_ body: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            let thread = Thread { done.resume(with: Result { try body() }) }
            thread.stackSize = 512 << 10
            thread.start()
        }
    }
}
