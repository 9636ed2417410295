import RoostWire
import Testing

@testable import Roost

/// Actors a, b, c, … each in a process of its own, numbered from 2.
@Suite struct WaitGraphTests {
    @Test func `two that wait for each other are asked, and the younger call fails`() {
        var graph = WaitGraph()
        #expect(graph.reported(waiting("a", for: "b", queued: ["b"], at: 50), by: 2).isNothing)
        let asked = graph.reported(waiting("b", for: "a", queued: ["a"], at: 51), by: 3)
        #expect(asked == .init(deadlock: nil, asked: [2, 3]))
        #expect(graph.reported(waiting("a", for: "b", queued: ["b"], at: 52), by: 2).isNothing)
        let found = graph.reported(waiting("b", for: "a", queued: ["a"], at: 53), by: 3)
        #expect(found.deadlock == .init(process: 3, call: 3, path: ["b", "a"]))
    }

    @Test func `a ring of five has one youngest call, and the path names all in order`() {
        var graph = WaitGraph()
        let found = rounds(of: ring("abcde"), in: &graph, from: 100)
        #expect(found == [.init(process: 6, call: 6, path: ["e", "a", "b", "c", "d"])])
    }

    @Test func `two independent circles are found both`() {
        var graph = WaitGraph()
        let found = rounds(of: ring("ab") + ring("cde"), in: &graph, from: 100)
        #expect(found.map(\.path) == [["b", "a"], ["e", "c", "d"]])
    }

    @Test func `a chain is no circle, however long`() {
        var graph = WaitGraph()
        for round in 0..<3 {
            for number in 0..<50 {
                let report = waiting(
                    named(number), for: named(number + 1), serves: number == 0 ? nil : named(number - 1),
                    at: 100 + round * 100 + number)
                #expect(graph.reported(report, by: UInt64(number) + 2).isNothing)
            }
        }
        #expect(graph.due() == .init(asked: [], isToBeContinued: false))
    }

    @Test func `those that wait for a circle from outside are left alone`() {
        var graph = WaitGraph()
        let outside = waiting("x", for: "a", made: 90)
        #expect(graph.reported(outside(at(95)), by: 25).isNothing)
        let found = rounds(of: ring("ab"), in: &graph, from: 100)
        #expect(found.map(\.path) == [["b", "a"]])
    }

    @Test func `a step that was gone between two reports is no circle`() {
        var graph = WaitGraph()
        _ = graph.reported(waiting("a", for: "b", queued: ["b"], at: 50), by: 2)
        _ = graph.reported(waiting("b", for: "a", queued: ["a"], at: 51), by: 3)
        // The call of a was answered, and another was made at once.
        let another = waiting("a", for: "b", number: 99, queued: ["b"], made: 52)
        #expect(graph.reported(another(at(60)), by: 2).isNothing)
        #expect(graph.reported(waiting("b", for: "a", queued: ["a"], at: 61), by: 3).isNothing)
        #expect(graph.due() == .init(asked: [2, 3], isToBeContinued: true))
    }

    @Test func `a call that has not arrived makes a circle possible and not certain`() {
        var graph = WaitGraph()
        for time in [50, 60, 70] {
            _ = graph.reported(waiting("a", for: "b", queued: [], at: time), by: 2)
            let action = graph.reported(waiting("b", for: "a", queued: ["a"], at: time + 1), by: 3)
            #expect(action.deadlock == nil)
            #expect(graph.due().isToBeContinued)
        }
        _ = graph.reported(waiting("a", for: "b", queued: ["b"], at: 80), by: 2)
        let found = graph.reported(waiting("a", for: "b", queued: ["b"], at: 90), by: 2).deadlock
        // b's reports are from before a's.
        #expect(found == nil)
        #expect(graph.reported(waiting("b", for: "a", queued: ["a"], at: 91), by: 3).deadlock != nil)
    }

    @Test func `the second reports must all be begun after the first ones had ended`() {
        var graph = WaitGraph()
        _ = graph.reported(waiting("a", for: "b", queued: ["b"], at: 50), by: 2)
        _ = graph.reported(waiting("a", for: "b", queued: ["b"], at: 55), by: 2)
        // When these were made, those of a had both been made.
        _ = graph.reported(waiting("b", for: "a", queued: ["a"], at: 60), by: 3)
        #expect(graph.reported(waiting("b", for: "a", queued: ["a"], at: 65), by: 3).deadlock == nil)
        // Between 60 and 65 everything was there at once.
        #expect(graph.reported(waiting("a", for: "b", queued: ["b"], at: 66), by: 2).deadlock != nil)
    }

    @Test func `a call back that is served waits for its own message only`() {
        var graph = WaitGraph()
        for time in [50, 60, 70] {
            // a waits for b, which serves that and has called back; the call back is under way in a.
            #expect(graph.reported(waiting("a", for: "b", at: time), by: 2).isNothing)
            let back = waiting("b", for: "a", serves: "a", calleeLevel: 1, at: time + 1)
            #expect(graph.reported(back, by: 3).isNothing)
        }
    }

    @Test func `a reentrant actor lets nobody wait but for the call itself`() {
        var graph = WaitGraph()
        for time in [50, 60, 70] {
            var a = waiting("a", for: "b", queued: ["b"], at: time)
            a.actors[0].isReentrant = true
            #expect(graph.reported(a, by: 2).isNothing)
            #expect(graph.reported(waiting("b", for: "a", queued: ["a"], at: time + 1), by: 3).isNothing)
        }
    }

    @Test func `a call that has not left waits for room, and so for what its receiver serves`() {
        var graph = WaitGraph()
        var found: [WaitGraph.Deadlock] = []
        for time in [80, 90] {
            var a = waiting("a", for: "b", queued: ["b"], at: time)
            a.actors[0].waits[0].sent = nil
            found += [graph.reported(a, by: 2).deadlock].compactMap(\.self)
            let b = waiting("b", for: "a", at: time + 1)
            found += [graph.reported(b, by: 3).deadlock].compactMap(\.self)
        }
        #expect(found.map(\.path) == [["b", "a"]])
    }

    @Test func `a one-way message that waits for room may get it from others for a second`() {
        func found(_ times: [Int]) -> [WaitGraph.Deadlock] {
            var graph = WaitGraph()
            return times.flatMap { time in
                var a = waiting("a", for: "b", queued: ["b"], made: 500)(at(time) * 1_000_000)
                a.actors[0].waits[0].sent = nil
                a.actors[0].waits[0].isOneWay = true
                let b = waiting("b", for: "a", queued: [], made: 0)(at(time) * 1_000_000 + 1)
                var found: [WaitGraph.Deadlock] = []
                if let first = graph.reported(a, by: 2).deadlock { found.append(first) }
                var queued = b
                queued.actors[0].waits[0].sent = nil
                if let second = graph.reported(queued, by: 3).deadlock { found.append(second) }
                return found
            }
        }
        #expect(found([50, 100, 500, 1_000]) == [])
        #expect(found([50, 100, 1_001]) == [])
        #expect(found([1_001, 1_026]).map(\.path) == [["a", "b"]])
    }

    @Test func `a circle that is gone is not asked about any more`() {
        var graph = WaitGraph()
        _ = graph.reported(waiting("a", for: "b", queued: ["b"], at: 50), by: 2)
        _ = graph.reported(waiting("b", for: "a", queued: ["a"], at: 51), by: 3)
        _ = graph.reported(WaitReport(begun: 60, ended: 60, actors: []), by: 2)
        #expect(graph.due() == .init(asked: [], isToBeContinued: false))
        // The next one is.
        _ = graph.reported(waiting("b", for: "a", queued: ["a"], at: 70), by: 3)
        #expect(graph.reported(waiting("a", for: "b", queued: ["b"], at: 71), by: 2).asked == [2, 3])
    }

    @Test func `a process that is no more waits for nothing`() {
        var graph = WaitGraph()
        _ = graph.reported(waiting("a", for: "b", queued: ["b"], at: 50), by: 2)
        _ = graph.reported(waiting("b", for: "a", queued: ["a"], at: 51), by: 3)
        graph.ended(2)
        #expect(graph.due() == .init(asked: [], isToBeContinued: false))
    }

    @Test func `a process is not asked again before it has answered`() {
        var graph = WaitGraph()
        _ = graph.reported(waiting("a", for: "b", queued: ["b"], at: 50), by: 2)
        #expect(graph.reported(waiting("b", for: "a", queued: [], at: 51), by: 3).asked == [2, 3])
        _ = graph.reported(waiting("b", for: "a", queued: [], at: 52), by: 3)
        #expect(graph.due() == .init(asked: [3], isToBeContinued: true))
    }

    @Test func `a call that was told to fail is not told again while its process still reports it`() {
        var graph = WaitGraph()
        let found = rounds(of: ring("abc"), in: &graph, from: 100, count: 8)
        #expect(found.count == 1)
    }

    @Test func `when a call fails, its message is looked at again before another of its calls fails`() {
        var graph = WaitGraph()
        // A message of a waits for b and for c, whose messages wait for a.
        func both(at time: Int) -> WaitReport {
            var report = waiting("a", for: "b", queued: ["b", "c"], made: 20)(at(time))
            var other = waiting("a", for: "c", made: 21)(at(time)).actors[0].waits[0]
            other.number = 99
            report.actors[0].waits.append(other)
            return report
        }
        for time in [50, 60] {
            _ = graph.reported(waiting("b", for: "a", queued: ["a"], at: time), by: 3)
            _ = graph.reported(waiting("c", for: "a", queued: ["a"], at: time), by: 4)
            if time == 50 { _ = graph.reported(both(at: 51), by: 2) }
        }
        #expect(graph.reported(both(at: 61), by: 2).deadlock != nil)
        #expect(graph.reported(waiting("b", for: "a", queued: ["a"], at: 70), by: 3).deadlock == nil)
        #expect(graph.reported(waiting("c", for: "a", queued: ["a"], at: 70), by: 4).deadlock == nil)
        // It ended the other call as well.
        #expect(graph.reported(WaitReport(begun: 71, ended: 71, actors: []), by: 2).isNothing)
    }

    @Test func `a call that was withdrawn from the queue is on no circle`() {
        var graph = WaitGraph()
        _ = graph.reported(waiting("a", for: "b", queued: ["b"], at: 50), by: 2)
        _ = graph.reported(waiting("b", for: "a", queued: ["a"], at: 51), by: 3)
        #expect(graph.reported(waiting("b", for: "a", queued: ["a"], at: 60), by: 3).deadlock == nil)
        #expect(graph.reported(waiting("a", for: "b", queued: [], at: 61), by: 2).deadlock == nil)
    }

    @Test func `a call that falls back to the end of the queue waits for those below from then on only`() {
        var graph = WaitGraph()
        // The messages of a on the levels 1 and 3 wait, and the call back from b is queued.
        func levels(_ queued: Int, at time: Int) -> WaitReport {
            var report = waiting("a", for: "b", made: 0)(at(time))
            var upper = waiting("a", for: "x", number: 99, made: 1)(at(time)).actors[0].waits[0]
            upper.level = 3
            report.actors[0].waits.append(upper)
            report.actors[0].queue.append(CallName(caller: 3, callee: 2, number: 3), level: queued)
            return report
        }
        _ = graph.reported(levels(2, at: 50), by: 2)
        _ = graph.reported(waiting("b", for: "a", queued: ["a"], at: 51), by: 3)
        _ = graph.reported(waiting("b", for: "a", queued: ["a"], at: 60), by: 3)
        #expect(graph.reported(levels(0, at: 61), by: 2).deadlock == nil)
        _ = graph.reported(waiting("b", for: "a", queued: ["a"], at: 70), by: 3)
        #expect(graph.reported(levels(0, at: 71), by: 2).deadlock?.path == ["b", "a"])
    }

    @Test func `what has ended leaves nothing in the graph`() {
        var graph = WaitGraph()
        func held() -> [String] {
            Mirror(reflecting: graph).children
                .filter { ($0.value as? any Collection)?.isEmpty == false }.compactMap(\.label)
        }
        #expect(rounds(of: ring("ab"), in: &graph, from: 100).count == 1)
        #expect(held().sorted() == ["doomed", "homes", "processes", "suspects"])
        for process: UInt64 in [2, 3] {
            _ = graph.reported(WaitReport(begun: 400, ended: 400, actors: []), by: process)
        }
        _ = graph.due()
        #expect(held() == ["processes"])
        // And when they end in the middle of it.
        #expect(rounds(of: ring("ab"), in: &graph, from: 500).count == 1)
        graph.ended(2)
        graph.ended(3)
        _ = graph.due()
        #expect(held() == [])
    }

    // MARK: Reports

    private func at(_ time: Int) -> UInt64 { UInt64(time) }

    private func named(_ number: Int) -> String { "n\(number)" }

    /// Each waits for the next, made one after another.
    private func ring(_ names: String) -> [WaitReport] {
        let names = names.map(String.init)
        return names.indices.map { index in
            let next = names[(index + 1) % names.count]
            let last = names[(index + names.count - 1) % names.count]
            return waiting(names[index], for: next, queued: [last], made: 10 + index)(0)
        }
    }

    private func rounds(
        of reports: [WaitReport], in graph: inout WaitGraph, from start: Int, count: Int = 2
    ) -> [WaitGraph.Deadlock] {
        var found: [WaitGraph.Deadlock] = []
        for round in 0..<count {
            for (index, report) in reports.enumerated() {
                var report = report
                report.begun = UInt64(start + round * 100 + index)
                report.ended = report.begun
                let process = process(of: report.actors[0].key)
                if let deadlock = graph.reported(report, by: process).deadlock { found.append(deadlock) }
            }
        }
        return found
    }

    private func waiting(
        _ name: String, for callee: String, serves caller: String? = nil, calleeLevel: Int = 0,
        queued: [String] = [], at time: Int
    ) -> WaitReport {
        waiting(name, for: callee, serves: caller, calleeLevel: calleeLevel, queued: queued, made: 0)(
            at(time))
    }

    private func waiting(
        _ name: String, for callee: String, number: UInt64? = nil, serves caller: String? = nil,
        calleeLevel: Int = 0, queued: [String] = [], made: Int
    ) -> (UInt64) -> WaitReport {
        let (key, process) = (key(name), process(of: key(name)))
        func call(from caller: String, to callee: String, _ number: UInt64? = nil) -> CallName {
            let caller = self.process(of: self.key(caller))
            return CallName(
                caller: caller, callee: self.process(of: self.key(callee)), number: number ?? caller)
        }
        var actor = WaitReport.Actor(key: key, name: name)
        actor.waits = [
            WaitReport.Wait(
                number: number ?? process, level: 1, serves: caller.map { call(from: $0, to: name) },
                callee: self.key(callee), calleeLevel: calleeLevel,
                sent: call(from: name, to: callee, number),
                made: at(made))
        ]
        for caller in queued { actor.queue.append(call(from: caller, to: name), level: 0) }
        return { WaitReport(begun: $0, ended: $0, actors: [actor]) }
    }

    private func key(_ name: String) -> ActorKey {
        if let number = UInt64(name.dropFirst()) { return .spawned(number) }
        return .spawned(UInt64(name.unicodeScalars.first?.value ?? 0) - 97)
    }

    private func process(of key: ActorKey) -> UInt64 { key.number + 2 }
}

extension WaitGraph.ReportedAction {
    fileprivate var isNothing: Bool { deadlock == nil && asked.isEmpty }
}
