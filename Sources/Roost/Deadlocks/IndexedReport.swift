internal import RoostWire

/// A report of waits, for looking things up.
struct IndexedReport {
    let begun: UInt64
    let ended: UInt64
    /// By the numbers of the waits, and the actor whose message waits.
    let waits: [UInt64: (wait: WaitReport.Wait, actor: ActorKey)]
    let actors: [ActorKey: Actor]

    init(_ report: WaitReport, of process: UInt64) {
        begun = report.begun
        ended = report.ended
        var waits: [UInt64: (WaitReport.Wait, ActorKey)] = [:]
        var actors: [ActorKey: Actor] = [:]
        for actor in report.actors {
            for wait in actor.waits { waits[wait.number] = (wait, actor.key) }
            actors[actor.key] = Actor(actor, in: process)
        }
        self.waits = waits
        self.actors = actors
    }

    /// Whether the wait is what it seems to be: that the receiver must get on before it ends.
    ///
    /// A call has its turn only then. A one-way message only needs room, and that may come from other senders
    /// too, which give back what they do not use: as soon as they are told, if their processes run at all.
    func isLasting(_ wait: WaitReport.Wait) -> Bool {
        !wait.isOneWay || begun >= wait.made + Self.roomPatience
    }

    /// In nanoseconds.
    private static let roomPatience: UInt64 = 1_000_000_000

    struct Actor {
        let name: String
        private let isReentrant: Bool
        private let waits: [WaitReport.Wait]
        private let queued: [CallName: Int]
        private let served: Set<CallName>

        init(_ actor: WaitReport.Actor, in process: UInt64) {
            name = actor.name
            isReentrant = actor.isReentrant
            waits = actor.waits
            queued = actor.queue.levels(in: process)
            served = Set(actor.waits.compactMap(\.serves))
        }

        /// The waits of this actor that must end before `call`, a call to it, can.
        ///
        /// A call that is being served waits for what its own message waits for. One that is queued at a
        /// level waits for all messages above that level to end. A call that the report does not know of
        /// may arrive yet, and be queued; or it is answered already, so that this is not certain.
        func waits(holding call: WaitReport.Wait, certainly: Bool) -> [WaitReport.Wait] {
            if let name = call.sent, served.contains(name) { return waits.filter { $0.serves == name } }
            // Its messages do not wait for each other.
            if isReentrant { return [] }
            if let name = call.sent, let level = queued[name] { return waits.filter { $0.level > level } }
            // What has not left is not answered either.
            if certainly && call.sent != nil { return [] }
            return waits.filter { $0.level > call.calleeLevel }
        }
    }
}
