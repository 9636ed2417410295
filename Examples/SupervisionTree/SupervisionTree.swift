import Distributed
import Glibc
import Roost

// A shop whose parts depend on each other, and what each strategy makes of a death in it:
//
//   restForOne   checkout needs the inventory, and everything after it needs the checkout
//   oneForOne    packers work alone
//   oneForAll    ledger and printer share a session: neither goes on without the other

distributed actor Inventory: ProcessActor {
    distributed func inStock(_ item: String) -> Bool { !item.isEmpty }
}

distributed actor Checkout: ProcessActor {
    struct Arguments: Codable, Sendable { var currency: String }

    private let currency: String

    init(_ arguments: Arguments, actorSystem: ActorSystem) {
        currency = arguments.currency
        self.actorSystem = actorSystem
    }

    distributed func price(_ cents: Int) -> String { "\(cents / 100).\(cents % 100) \(currency)" }
}

distributed actor Packer: ProcessActor {
    distributed func pack(_ item: String) -> String { "a box with \(item)" }
}

distributed actor Ledger: ProcessActor {}

distributed actor Printer: ProcessActor {}

@main struct SupervisionTree {
    static func main() async throws {
        var options = SystemOptions()
        // This program tells by itself what happens.
        options.crashReports = .silent
        try await ProcessActorSystem.run(options) { system in
            let tree = Supervisor("shop", strategy: .restForOne) {
                Child(Inventory.self, named: "inventory")
                Child(Checkout.self, named: "checkout", .init(currency: "EUR"), restart: .transient)
                Supervisor("packing", strategy: .oneForOne) {
                    for number in 1...2 { Child(Packer.self, named: "packer-\(number)") }
                }
                Supervisor("office", strategy: .oneForAll) {
                    Child(Ledger.self, named: "ledger")
                    Child(Printer.self, named: "printer", shutdown: .within(.seconds(2)))
                }
            }
            let shop = try await system.start(tree)
            var before = try await Snapshot(of: shop)
            print("the shop is open\n\(before)")

            // Who is killed, by which strategy the others are restarted, and who is the last of them.
            for (victim, strategy, last) in [
                ("packer-1", "oneForOne", "packer-1"), ("ledger", "oneForAll", "printer"),
                ("checkout", "restForOne", "printer"),
            ] {
                let events = system.events
                if let process = before.processID(of: victim) { kill(process, SIGKILL) }
                for await event in events where event.actor == last {
                    if event.kind == .restarted || event.kind == .ready { break }
                }
                let after = try await Snapshot(of: shop)
                print("\(victim) was killed; \(strategy):\n\(after.compared(to: before))")
                before = after
            }

            // References name the actor, not the process: this one was restarted with its arguments.
            let checkout = try await system.find(Checkout.self, named: "checkout")
            print("the checkout still knows its currency:", try await checkout.price(1_234))
        }
    }
}

/// The actors of a tree and their processes at a moment.
struct Snapshot: CustomStringConvertible {
    private struct Line {
        var depth: Int
        var name: String
        var processID: Int32?
    }

    private var lines: [Line] = []

    init(of supervisor: SupervisorReference) async throws { try await add(supervisor, depth: 0) }

    private mutating func add(_ supervisor: SupervisorReference, depth: Int) async throws {
        lines.append(
            Line(depth: depth, name: supervisor.path.split(separator: "/").last.map(String.init) ?? ""))
        for child in try await supervisor.children() {
            if child.isSupervisor {
                try await add(supervisor.supervisor(named: child.name), depth: depth + 1)
            } else {
                lines.append(Line(depth: depth + 1, name: child.name, processID: child.processID))
            }
        }
    }

    func processID(of actor: String) -> Int32? { lines.first { $0.name == actor }?.processID }

    func compared(to before: Snapshot) -> String {
        let old = Set(before.lines.compactMap(\.processID))
        return text { $0.processID.map { old.contains($0) ? "" : "  new" } ?? "" }
    }

    var description: String { text { _ in "" } }

    private func text(_ remark: (Line) -> String) -> String {
        lines.map { line in
            let name = String(repeating: "  ", count: line.depth + 1) + line.name
            let padding = String(repeating: " ", count: max(1, 20 - name.count))
            return name + (line.processID.map { "\(padding)\($0)" } ?? "") + remark(line)
        }.joined(separator: "\n")
    }
}
