import RoostWire
import Testing
import WireSamples

/// Containers filled in a random order arrive as if they had been filled one after the other.
@Suite struct LateEntryPropertyTests {
    @Test func `containers can be filled in any order`() throws {
        for seed in 0..<120 as Range<UInt64> {
            let expected = Model(isMap: true)
            let bytes = try Wire.bytes([
                ByHand { try fill(expected, $0, seed: seed) },
                ByHand { try fill(Model(isMap: true), $0, seed: seed) },
            ])
            let copies = try Wire.value([Model].self, bytes)
            #expect(copies[0].text == expected.text, "seed \(seed)")
            #expect(copies[1].text == expected.text, "seed \(seed)")
        }
    }

    private enum Container {
        case map(KeyedEncodingContainer<AnyKey>)
        case list(any UnkeyedEncodingContainer)
        case place(any Encoder)
    }

    /// Adds to containers chosen at random, noting in `root` what the outcome has to be.
    private func fill(_ root: Model, _ encoder: any Encoder, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var open: [(Model, Container)] = [(root, .map(encoder.container(keyedBy: AnyKey.self)))]
        for step in 0..<Int.random(in: 1...60, using: &random) {
            let index = Int.random(in: 0..<open.count, using: &random)
            let (model, container) = open[index]
            let key = AnyKey(stringValue: "key \(step % 20) \(model.entries.count)")
            let kind = UInt8.random(in: 0..<6, using: &random)
            switch container {
            case .map(var box):
                let child = model.add(key.stringValue, Self.model(kind, step))
                switch kind {
                case 0: open.append((child, .map(box.nestedContainer(keyedBy: AnyKey.self, forKey: key))))
                case 1: open.append((child, .list(box.nestedUnkeyedContainer(forKey: key))))
                case 2: open.append((child, .place(box.superEncoder(forKey: key))))
                case 3: try box.encode(["k": step], forKey: key)
                default: try box.encode(step, forKey: key)
                }
            case .list(var list):
                let child = model.add("", Self.model(kind, step))
                switch kind {
                case 0: open.append((child, .map(list.nestedContainer(keyedBy: AnyKey.self))))
                case 1: open.append((child, .list(list.nestedUnkeyedContainer())))
                case 2: open.append((child, .place(list.superEncoder())))
                case 3: try list.encode(["k": step])
                default: try list.encode(step)
                }
            case .place(let encoder):
                switch kind {
                case 0...2:
                    open[index].1 = .map(encoder.container(keyedBy: AnyKey.self))
                case 3:
                    model.isMap = false
                    open[index].1 = .list(encoder.unkeyedContainer())
                default:
                    model.number = step
                    var single = encoder.singleValueContainer()
                    try single.encode(step)
                    open.remove(at: index)
                }
            }
        }
    }

    private static func model(_ kind: UInt8, _ step: Int) -> Model {
        let model = Model(isMap: kind != 1)
        if kind == 3 { _ = model.add("k", Model(number: step)) }
        if kind > 3 { model.number = step }
        return model
    }
}

/// A tree of maps, lists and numbers.
private final class Model: Decodable {
    var isMap: Bool
    var number: Int?
    var entries: [(key: String, value: Model)] = []

    init(isMap: Bool = false, number: Int? = nil) {
        self.isMap = isMap
        self.number = number
    }

    init(from decoder: any Decoder) throws {
        isMap = false
        if let box = try? decoder.container(keyedBy: AnyKey.self) {
            isMap = true
            for key in box.allKeys {
                entries.append((key.stringValue, try box.decode(Model.self, forKey: key)))
            }
        } else if var list = try? decoder.unkeyedContainer() {
            while !list.isAtEnd { entries.append(("", try list.decode(Model.self))) }
        } else {
            number = try decoder.singleValueContainer().decode(Int.self)
        }
    }

    func add(_ key: String, _ value: Model) -> Model {
        entries.append((key, value))
        return value
    }

    var text: String {
        if let number { return "\(number)" }
        let inside = entries.map { isMap ? "\($0.key): \($0.value.text)" : $0.value.text }.joined(
            separator: ", ")
        return isMap ? "{\(inside)}" : "[\(inside)]"
    }
}
