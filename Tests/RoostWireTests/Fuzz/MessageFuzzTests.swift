import RoostWire
import Testing
import WireSamples

/// Control messages and frames of data sockets, damaged and out of place: a value or a `WireError`, nothing else.
@Suite struct MessageFuzzTests {
    private static let frames = FrameSamples.bodies(
        targets: ["$s4Main3BoxC3addyyFTE"], arguments: [[0x87], [0x41, 0x78]],
        keys: [ActorKey.spawned(1), ActorKey(owner: .max, number: .max)], generics: ["Si", "\u{1}abcd"])

    private func expectKnown(_ body: () throws -> Void) {
        do {
            try body()
        } catch is WireError {
        } catch is DecodingError {
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `damaged control messages give a message or a typed error`(seed: UInt64) {
        var damage = Damage(seed: seed)
        let samples = MessageSamples.node.map { bytes($0.hex) } + MessageSamples.worker.map { bytes($0.hex) }
        for sample in samples {
            for _ in 0..<20 {
                let wrong = damage.damaged(sample)
                expectKnown { _ = try Wire.value(NodeMessage.self, wrong) }
                expectKnown { _ = try Wire.value(WorkerMessage.self, wrong) }
            }
        }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `damaged frames give a header and sections or a typed error`(seed: UInt64) {
        var damage = Damage(seed: seed)
        for sample in Self.frames {
            for _ in 0..<5 {
                let wrong = damage.damaged(sample)
                expectKnown {
                    _ = try Wire.read(wrong) { reader in
                        let header = try FrameHeader(from: &reader)
                        let sections = try MessageSections(from: &reader, flags: header.flags)
                        #expect(sections.path.count <= MessageSections.maximumPath)
                        #expect(sections.path.count * 16 + sections.generics.count <= wrong.count)
                    }
                }
            }
        }
    }

    @Test func `every kind of frame is among the samples`() {
        #expect(Set(Self.frames.map { $0[0] }).isSuperset(of: FrameKind.allCases.map(\.rawValue)))
    }
}
