import Glibc
import RoostWire
import WireSamples

@testable import Roost

/// What a hostile worker writes, before it is damaged.
enum HostileSamples {
    /// Bodies on a control socket: every message there is, and requests that are encoded within.
    static let control: [[UInt8]] =
        MessageSamples.worker.map { bytes($0.hex) } + requests.map(asked)
        + [
            .watch(request: 1, key: .spawned(1)), .watch(request: 1, key: .spawned(2)),
            .watch(request: .max, key: ActorKey(owner: .max, number: .max)),
            .resolve(request: 1, key: ActorKey(owner: 1, number: .max), lost: nil),
            .resolve(request: 1, key: .spawned(1), lost: .max),
            .follow(request: 1, name: "victim"), .follow(request: 1, name: "victim"),
            .follow(request: 2, name: String(repeating: "n", count: 100_000)),
            .reason(request: 1, process: 2), .reason(request: 2, process: .max),
            .unwatch(request: 77), .unfollow(request: 77), .ready, .ready, .alive, .progress,
            .deadLetter(
                DeadLetterRecord(
                    process: .max, actor: nil, receiver: "", target: "\u{1}", reason: "\u{2}", detail: "",
                    count: .max)),
        ].map { encoded($0 as WorkerMessage) }

    /// Requests of the layer above that any actor may make, with a type that no process has.
    private static var requests: [NodeRequest] {
        var options = SpawnOptions(restart: .temporary)
        options.backoff.jitter = 1e300
        options.limits.addressSpace = -1
        let actor = ActorSpecification(
            name: nil, typeName: "Nobody", mangledType: "\u{1}abc", arguments: [1], options: options,
            delivery: .atLeastOnce(attempts: .min))
        let child = ChildSpecification(rules: ChildRules(name: "nobody"), kind: .actor(actor))
        let tree = SupervisorSpecification(
            rules: SupervisorRules(), children: [child], template: options, templateType: "Nobody")
        let nobody = SupervisorKey(system: 1, path: "nobody", number: 1)
        return [
            .spawn(actor), .start(ChildRules(name: "tree"), tree), .kill(.spawned(.max)),
            .stop(ActorKey(owner: 1, number: 1)), .supervisor(nobody, .untilEnded),
            .supervisor(nobody, .startChild(child)), .supervisor(nobody, .children),
        ]
    }

    private static func asked(_ request: NodeRequest) -> [UInt8] {
        encoded(WorkerMessage.ask(request: 9, request.bytes))
    }

    static func encoded(_ message: WorkerMessage) -> [UInt8] {
        (try? WireCoding.bytes(of: message)) ?? []
    }

    /// Whether the body is anything but a well-formed request to end another, which every actor may make.
    static func isNoRight(_ body: [UInt8]) -> Bool {
        guard let message = try? WireCoding.value(WorkerMessage.self, of: body) else { return true }
        switch message {
        case .violation: return false
        case .ask(_, let bytes):
            switch try? WireCoding.value(NodeRequest.self, of: bytes) {
            case .kill(let key), .stop(let key): return key.number > 1_000_000
            default: return true
            }
        default: return true
        }
    }

    /// Bodies on a data socket, with the names of real methods and references to real actors.
    static func frames(
        targets: [String], victim: ActorID, near: ActorID, own: ActorID, in process: UInt64
    ) -> [[UInt8]] {
        let system = victim.address.system
        let strange = [
            ActorID(ActorAddress(system: system, key: ActorKey(owner: 1, number: .max), name: "strange")),
            ActorID(ActorAddress(system: system, key: ActorKey(owner: process, number: 1 << 32), name: "x")),
            ActorID(ActorAddress(system: system, key: .spawned(.max), name: "")),
        ]
        let arguments: [[UInt8]?] =
            [
                try? WireCoding.bytes(of: 7), try? WireCoding.bytes(of: [1, 2, 3] as [UInt8]),
                try? WireCoding.bytes(of: Shape.polygon([Point(x: 1, y: 2)])),
                try? WireCoding.bytes(of: ["a": ["b", "c"]]), try? WireCoding.bytes(of: "text"),
            ] + strange.map { try? WireCoding.bytes(of: $0) }
        return FrameSamples.bodies(
            targets: targets, arguments: arguments.compactMap(\.self),
            keys: [victim.address.key, near.address.key, own.address.key],
            generics: ["SS", "Si", "\u{1}abcd", "Say\u{2}zzzzG", "SaySaySiGG", "10RoostTests9BystanderC", ""])
    }

    /// A packet for the pipe of crashes: nearly never of the form of one, and of no other's process.
    static func crash(_ damage: inout Damage) -> [UInt8] {
        [UInt8](repeating: 0, count: damage.number(below: 2) * 1_024) + damage.bytes(upTo: 1_024)
    }
}
