internal import RoostWire

/// Finds calls that wait for each other, from what the processes report of their waits: decides, and leaves
/// the asking and telling to the node.
///
/// The nodes of the graph are calls that messages wait for. A call waits for another when that one is
/// waited for by the message which serves the first, or by a message that must end before the first can be
/// begun. A circle is a deadlock when all of it is true at one moment.
///
/// Reports are of different moments, and a circle put together from them may never have been. So a circle
/// that is possible has its processes asked for new reports, again and again until it is gone or certain.
/// It is certain when each step of it was in two successive reports of both processes, since none of these
/// facts becomes true twice, and all the second reports were begun after all the first ones had ended:
/// between the two all of it was true at once. Then its youngest call fails.
struct WaitGraph {
    private struct Process {
        var earlier: IndexedReport?
        var latest: IndexedReport
        var isAsked = false
    }

    /// A call that is waited for.
    private struct WaitID: Hashable {
        let process: UInt64
        let number: UInt64
    }

    private typealias Edges = [WaitID: [WaitID]]

    private var processes: [UInt64: Process] = [:]
    /// Where the actors are that wait for something.
    private var homes: [ActorKey: UInt64] = [:]
    /// The processes on circles that are possible.
    private var suspects: Set<UInt64> = []
    /// The calls that were told to fail, until they have gone from the reports.
    private var doomed: Set<WaitID> = []

    /// A call that waits for itself.
    struct Deadlock: Equatable {
        /// The caller's process.
        var process: UInt64
        /// The number of the wait, there.
        var call: UInt64
        /// The actors, by name: each waits for the next, and the last for the first.
        var path: [String]
    }

    struct ReportedAction: Equatable {
        /// The call that is to fail.
        var deadlock: Deadlock?
        /// The processes to ask for a report now; call ``due()`` a little later.
        var asked: [UInt64] = []
    }

    /// A process has said what its actors wait for.
    mutating func reported(_ report: WaitReport, by process: UInt64) -> ReportedAction {
        take(IndexedReport(report, of: process), from: process)
        var action = ReportedAction()
        let circle = circle(through: process)
        if circle.isEmpty { return action }
        action.deadlock = deadlock(among: circle.filter { $0.process == process })
        let new = Set(circle.map(\.process)).subtracting(suspects)
        suspects.formUnion(new)
        if !new.isEmpty { action.asked = ask(Set(circle.map(\.process))) }
        return action
    }

    struct DueAction: Equatable {
        var asked: [UInt64]
        /// Whether to call ``due()`` again, a little later.
        var isToBeContinued: Bool
    }

    /// Some time has passed: whom to ask for another report.
    mutating func due() -> DueAction {
        var left: Set<UInt64> = []
        for process in suspects where !left.contains(process) {
            left.formUnion(circle(through: process).map(\.process))
        }
        suspects = left
        return DueAction(asked: ask(left), isToBeContinued: !left.isEmpty)
    }

    /// A process is no more.
    mutating func ended(_ process: UInt64) {
        guard processes.removeValue(forKey: process) != nil else { return }
        homes = homes.filter { $0.value != process }
        doomed = doomed.filter { $0.process != process }
    }

    private mutating func take(_ report: IndexedReport, from process: UInt64) {
        if let known = processes[process] {
            for actor in known.latest.actors.keys where homes[actor] == process { homes[actor] = nil }
        }
        for actor in report.actors.keys { homes[actor] = process }
        processes[process] = Process(earlier: processes[process]?.latest, latest: report)
        doomed = doomed.filter { $0.process != process || report.waits[$0.number] != nil }
    }

    // Those that have not answered yet will.
    private mutating func ask(_ asked: Set<UInt64>) -> [UInt64] {
        let free = asked.filter { processes[$0]?.isAsked == false }.sorted()
        for process in free { processes[process]?.isAsked = true }
        return free
    }

    // MARK: Edges

    private func next(
        after id: WaitID, certainly: Bool, in report: (UInt64) -> IndexedReport?
    ) -> [WaitID] {
        guard !doomed.contains(id), let caller = report(id.process),
            let (wait, _) = caller.waits[id.number], !certainly || caller.isLasting(wait),
            let home = wait.sent?.callee ?? homes[wait.callee],
            let actor = report(home)?.actors[wait.callee]
        else { return [] }
        return actor.waits(holding: wait, certainly: certainly)
            .map { WaitID(process: home, number: $0.number) }
    }

    private func possibleNext(after id: WaitID) -> [WaitID] {
        next(after: id, certainly: false) { processes[$0]?.latest }
    }

    private func certainNext(after id: WaitID) -> [WaitID] {
        let before = Set(next(after: id, certainly: true) { processes[$0]?.earlier })
        if before.isEmpty { return [] }
        return next(after: id, certainly: true) { processes[$0]?.latest }.filter(before.contains)
    }

    // MARK: Circles

    /// Everything that is on a possible circle together with a wait of this process.
    private func circle(through process: UInt64) -> Set<WaitID> {
        guard let numbers = processes[process]?.latest.waits.keys else { return [] }
        let starts = numbers.map { WaitID(process: process, number: $0) }
        var edges: Edges = [:]
        var left = starts
        while let id = left.popLast() {
            guard edges[id] == nil else { continue }
            let next = possibleNext(after: id)
            edges[id] = next
            left += next
        }
        let reached = Set(edges.values.joined())
        var found: Set<WaitID> = []
        for start in starts where reached.contains(start) && !found.contains(start) {
            let forward = Self.reach(from: start, edges)
            guard forward.contains(start) else { continue }
            found.formUnion(Self.reach(from: start, Self.reversed(edges)).intersection(forward))
        }
        return found
    }

    /// What can be reached in one step or more.
    private static func reach(from start: WaitID, _ edges: Edges) -> Set<WaitID> {
        var reached: Set<WaitID> = []
        var left = edges[start] ?? []
        while let id = left.popLast() {
            if reached.insert(id).inserted { left += edges[id] ?? [] }
        }
        return reached
    }

    private static func reversed(_ edges: Edges) -> Edges {
        var result: Edges = [:]
        for (id, next) in edges { for other in next { result[other, default: []].append(id) } }
        return result
    }

    /// A circle through one of these waits of which everything is certain; its youngest call fails.
    private mutating func deadlock(among starts: Set<WaitID>) -> Deadlock? {
        for start in starts.sorted(by: { $0.number < $1.number }) {
            guard let circle = certainCircle(through: start), let first = youngest(of: circle) else {
                continue
            }
            let path = Array(circle[first...] + circle[..<first])
            doomed.insert(path[0])
            // What this changes elsewhere is to be seen before anything else is certain.
            for id in circle { processes[id.process]?.earlier = nil }
            return Deadlock(process: path[0].process, call: path[0].number, path: path.compactMap(name))
        }
        return nil
    }

    /// The shortest circle, each waiting for the next.
    private func certainCircle(through start: WaitID) -> [WaitID]? {
        var before: [WaitID: WaitID] = [:]
        var left = [start]
        var index = 0
        while index < left.count {
            let id = left[index]
            index += 1
            for next in certainNext(after: id) where before[next] == nil {
                before[next] = id
                if next != start {
                    left.append(next)
                    continue
                }
                var circle = [id]
                while let last = circle.last, last != start, let previous = before[last] {
                    circle.append(previous)
                }
                return wasAtOnce(circle) ? circle.reversed() : nil
            }
        }
        return nil
    }

    private func wasAtOnce(_ circle: [WaitID]) -> Bool {
        let involved = circle.compactMap { processes[$0.process] }
        guard let first = involved.compactMap({ $0.earlier?.ended }).max(),
            let second = involved.map(\.latest.begun).min()
        else { return false }
        return first <= second
    }

    private func youngest(of circle: [WaitID]) -> Int? {
        circle.indices.max { a, b in
            let (first, second) = (wait(circle[a]), wait(circle[b]))
            return (first?.made ?? 0, circle[a].process, circle[a].number)
                < (second?.made ?? 0, circle[b].process, circle[b].number)
        }
    }

    private func wait(_ id: WaitID) -> WaitReport.Wait? {
        processes[id.process]?.latest.waits[id.number]?.wait
    }

    private func name(_ id: WaitID) -> String? {
        guard let report = processes[id.process]?.latest, let (_, actor) = report.waits[id.number] else {
            return nil
        }
        return report.actors[actor]?.name
    }
}
