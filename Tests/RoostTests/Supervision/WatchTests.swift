import Synchronization
import Testing

@testable import Roost

/// Counts how often it was told.
private final class CancelCount: Sendable {
    private let storage = Atomic<Int>(0)
    var value: Int { storage.load(ordering: .relaxed) }
    func add() { storage.wrappingAdd(1, ordering: .relaxed) }
}

@Suite(.timeLimit(.minutes(1))) struct WatchTests {
    @Test func `a reader that comes after the end gets the notice at once`() async throws {
        let watch = Watch()
        watch.deliver(.crashed(signal: 9))
        #expect(try await watch.value == .crashed(signal: 9))
        #expect(try await watch.value == .crashed(signal: 9))
    }

    @Test func `several readers, before and after, get the same notice`() async throws {
        for _ in 0..<50 {
            let watch = Watch()
            let reasons = try await withThrowingTaskGroup(of: ExitReason.self) { group in
                for _ in 0..<4 { group.addTask { try await watch.value } }
                await Task.yield()
                watch.deliver(.exited(code: 3))
                for _ in 0..<4 { group.addTask { try await watch.value } }
                return try await group.reduce(into: [ExitReason]()) { $0.append($1) }
            }
            #expect(reasons == Array(repeating: .exited(code: 3), count: 8))
        }
    }

    @Test func `the first notice stays`() async throws {
        let watch = Watch()
        watch.deliver(.normal)
        watch.deliver(.unknown)
        #expect(try await watch.value == .normal)
    }

    @Test func `a cancelled watch throws for readers before and after`() async {
        for _ in 0..<50 {
            let watch = Watch()
            let before = Task { try await watch.value }
            await Task.yield()
            watch.cancel()
            await #expect(throws: CancellationError.self) { try await before.value }
            await #expect(throws: CancellationError.self) { try await watch.value }
        }
    }

    @Test func `no notice comes after cancelling`() async {
        let watch = Watch()
        watch.cancel()
        watch.deliver(.normal)
        await #expect(throws: CancellationError.self) { try await watch.value }
    }

    @Test func `cancelling takes back a notice that nobody has read`() async {
        let watch = Watch()
        watch.deliver(.normal)
        watch.cancel()
        await #expect(throws: CancellationError.self) { try await watch.value }
        watch.deliver(.normal)
        await #expect(throws: CancellationError.self) { try await watch.value }
    }

    @Test func `cancelling takes back a notice for later readers, not from those who have it`() async throws {
        let watch = Watch()
        watch.deliver(.normal)
        #expect(try await watch.value == .normal)
        watch.cancel()
        await #expect(throws: CancellationError.self) { try await watch.value }
    }

    @Test func `cancelling tells the other side once`() {
        let watch = Watch()
        let count = CancelCount()
        watch.onCancel { count.add() }
        watch.cancel()
        watch.cancel()
        #expect(count.value == 1)
    }

    @Test func `the other side is told also of a watch cancelled before it could be`() {
        let watch = Watch()
        let count = CancelCount()
        watch.cancel()
        watch.onCancel { count.add() }
        #expect(count.value == 1)
    }

    @Test func `a reader whose task is cancelled stops waiting, alone`() async throws {
        for _ in 0..<50 {
            let watch = Watch()
            let count = CancelCount()
            watch.onCancel { count.add() }
            let impatient = Task { try await watch.value }
            let patient = Task { try await watch.value }
            await Task.yield()
            impatient.cancel()
            await #expect(throws: CancellationError.self) { try await impatient.value }
            // The watch goes on, for those who wait and for those who come.
            #expect(count.value == 0)
            watch.deliver(.exited(code: 3))
            #expect(try await patient.value == .exited(code: 3))
            #expect(try await watch.value == .exited(code: 3))
        }
    }

    @Test func `a reader in a cancelled task does not wait, but takes a notice that is there`() async throws {
        let watch = Watch()
        let reader = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return try await watch.value
        }
        await #expect(throws: CancellationError.self) { try await reader.value }
        watch.deliver(.normal)
        let late = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return try await watch.value
        }
        #expect(try await late.value == .normal)
    }

    @Test func `a notice and a reader's cancellation at once end its wait, once`() async throws {
        for _ in 0..<200 {
            let watch = Watch()
            let reader = Task { try await watch.value }
            await withTaskGroup(of: Void.self) { racers in
                racers.addTask { watch.deliver(.shutdown) }
                racers.addTask { reader.cancel() }
            }
            if let reason = try? await reader.value { #expect(reason == .shutdown) }
            #expect(try await watch.value == .shutdown)
        }
    }

    @Test func `after a notice and a cancellation at once nobody gets the notice any more`() async {
        for _ in 0..<200 {
            let watch = Watch()
            let answers = await withTaskGroup(of: ExitReason?.self) { group in
                for _ in 0..<3 { group.addTask { try? await watch.value } }
                await withTaskGroup(of: Void.self) { racers in
                    racers.addTask { watch.deliver(.shutdown) }
                    racers.addTask { watch.cancel() }
                }
                await #expect(throws: CancellationError.self) { try await watch.value }
                return await group.reduce(into: [ExitReason?]()) { $0.append($1) }
            }
            // Each of those who came before has one answer.
            #expect(answers.count == 3 && answers.allSatisfy { $0 == nil || $0 == .shutdown })
        }
    }
}
