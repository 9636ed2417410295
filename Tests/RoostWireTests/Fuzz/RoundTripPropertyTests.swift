import RoostWire
import Testing
import WireSamples

@Suite struct RoundTripPropertyTests {
    @Test(arguments: representativeTypes.indices)
    func `random values arrive as they were`(type: Int) throws {
        func check<T: Randomized>(_ type: T.Type) throws {
            let writer = ByteWriter()
            let scratch = DecodingScratch()
            var random = SplitMix64(seed: 1)
            for round in 0..<100 {
                let value = T.random(using: &random, depth: 0)
                writer.removeAll()
                try WireCoding.encode(value, into: writer)
                var reader = unsafe ByteReader(writer.bytes)
                let copy = try WireCoding.decode(T.self, from: &reader, scratch: scratch)
                #expect(copy == value, "round \(round)")
                try reader.expectEnd()
            }
        }
        try check(representativeTypes[type])
    }
}
