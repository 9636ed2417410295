import Glibc
import RoostPlatform
import Synchronization
import Testing

@testable import Roost

@Suite struct ErrandTests {
    /// What gathers, and what has left.
    private struct Counts {
        var gathered = 0
        var left = 0

        mutating func leave() {
            left += gathered
            gathered = 0
        }
    }

    private final class Desk: Sendable {
        let counts = Mutex(Counts())
        let errand = Errand()

        func gather() {
            counts.withLock { $0.gathered += 1 }
            errand.runIfLeft(counts) { $0.leave() }
        }

        func comeBy() { errand.run(counts) { $0.leave() } }
    }

    @Test func `it is done at once when nobody has the lock`() {
        let desk = Desk()
        desk.gather()
        #expect(desk.counts.withLock { $0.left } == 0)
        desk.comeBy()
        #expect(desk.counts.withLock { $0.left } == 1)
    }

    @Test func `it is left to whoever has the lock, and not waited for`() throws {
        let desk = Desk()
        // Steps of a thread that has the lock; nobody waits for one that needs this thread.
        let step = Step()
        try RuntimeThread.start(named: "holder") {
            desk.counts.withLock { counts in
                step.reached(1)
                step.wait(for: 2)
                counts.gathered += 1
            }
            step.reached(3)
            step.wait(for: 4)
            desk.errand.runIfLeft(desk.counts) { $0.leave() }
            step.reached(5)
        }
        step.wait(for: 1)
        desk.comeBy()
        step.reached(2)
        step.wait(for: 3)
        #expect(desk.counts.withLock { $0.left } == 0)
        step.reached(4)
        step.wait(for: 5)
        #expect(desk.counts.withLock { $0.left } == 1)
    }

    /// How far two threads have come.
    private final class Step: Sendable {
        private let last = Atomic(0)

        func reached(_ number: Int) { last.store(number, ordering: .releasing) }

        func wait(for number: Int) {
            while last.load(ordering: .acquiring) < number { sched_yield() }
        }
    }

    @Test func `what was gathered before somebody came by has left, however many gather`() async {
        let desk = Desk()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<50_000 {
                        desk.gather()
                        if Int.random(in: 0..<8) == 0 { desk.comeBy() }
                    }
                    desk.comeBy()
                }
            }
        }
        // The last to come by found the lock free, or left it to one who was done after that.
        let counts = desk.counts.withLock { $0 }
        #expect(counts.left == 200_000 && counts.gathered == 0)
    }
}
