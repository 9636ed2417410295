import Distributed
import Glibc
import Roost
import RoostTesting
import Synchronization
import Testing

/// Counts how many of its elements were taken.
private final class CountedInputs: Sequence, IteratorProtocol {
    private let count: Int
    private(set) var pulled = 0

    init(upTo count: Int) { self.count = count }

    func next() -> Int? {
        guard pulled < count else { return nil }
        defer { pulled += 1 }
        return pulled
    }
}

extension PatternTests {
    /// Sequences through a pool: how they are pulled, how they end.
    @Suite struct PoolMapTests {
        @Test(arguments: [1, 2, 5, 64], [PoolChunking.automatic, .size(1), .size(8)])
        func `Pool: no more inputs are pulled than the window has room for`(
            window: Int, chunk: PoolChunking
        ) async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolSquarer.self, size: 2)
                let inputs = CountedInputs(upTo: 500)
                var taken = 0
                for try await _ in pool.map(inputs, window: window, chunk: chunk) {
                    #expect(inputs.pulled <= taken + window)
                    taken += 1
                }
                #expect(taken == 500)
                let others = CountedInputs(upTo: 500)
                taken = 0
                for try await _ in pool.mapUnordered(others, window: window, chunk: chunk) {
                    #expect(others.pulled <= taken + window)
                    taken += 1
                }
                #expect(taken == 500)
            }
        }

        @Test func `an endless sequence can be left, and the pool is usable afterwards`() async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolSquarer.self, size: 2)
                var taken: [Int] = []
                for try await square in pool.map(0...) {
                    taken.append(square)
                    if taken.count == 1_000 { break }
                }
                #expect(taken == (0..<1_000).map { $0 * $0 })
                #expect(try await pool.perform(5) == 25)
                await pool.drain()
                let statistics = try await pool.statistics
                #expect(statistics.waiting == 0 && statistics.running == 0)
            }
        }

        @Test(arguments: [PoolChunking.automatic, .size(1), .size(7)])
        func `Pool: a task that fails ends the map, with its place, and the pool is usable afterwards`(
            chunk: PoolChunking
        ) async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolHand.self, size: 2)
                let jobs = (0..<50).map { $0 == 20 ? PoolJob.fail(20) : .number($0) }
                var values: [Int] = []
                let error: PoolTaskError? = await caught {
                    for try await value in pool.map(jobs, chunk: chunk) { values.append(value) }
                }
                #expect(values == Array(0..<20))
                #expect(error?.index == 20)
                #expect(error?.underlying as? Broken == Broken(why: "task 20"))
                let unordered: PoolTaskError? = await caught {
                    for try await done in pool.mapUnordered(jobs, chunk: chunk) {
                        #expect(done.value == done.index)
                    }
                }
                #expect(unordered?.index == 20)
                #expect(try await pool.perform(.number(1)) == 1)
                await pool.drain()
            }
        }

        @Test func `an iteration that has thrown is over`() async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolHand.self, size: 1)
                var iterator = pool.map([PoolJob.fail(1), .number(2)]).makeAsyncIterator()
                let error: PoolTaskError? = await caught { _ = try await iterator.next() }
                #expect(error?.index == 0)
                #expect(try await iterator.next() == nil)
            }
        }

        @Test func `leaving a map cancels what is under way`() async throws {
            try await withTestSystem { test in
                let witness = PoolWitness(actorSystem: test.system)
                let pool = try await test.system.makePool(of: PoolHand.self, size: 1)
                let jobs = [PoolJob.number(1), .hold("held", witness), .tell("behind", 2, witness)]
                for try await value in pool.map(jobs, chunk: .size(1)) {
                    #expect(value == 1)
                    _ = try await witness.processID(of: "held")
                    break
                }
                #expect(try await pool.perform(.number(3)) == 3)
                #expect(try await witness.count(of: "behind") == 0)
            }
        }

        @Test func `cancelling whoever takes results out cancels what is under way`() async throws {
            try await withTestSystem { test in
                let witness = PoolWitness(actorSystem: test.system)
                let pool = try await test.system.makePool(of: PoolHand.self, size: 1)
                let reader = Task {
                    for try await _ in pool.map([PoolJob.hold("held", witness), .tell("behind", 2, witness)])
                    {}
                }
                _ = try await witness.processID(of: "held")
                reader.cancel()
                let error: CancellationError? = await caught { try await reader.value }
                #expect(error != nil)
                #expect(try await pool.perform(.number(3)) == 3)
                #expect(try await witness.count(of: "behind") == 0)
            }
        }

        @Test func `a slow first task holds back the results of a map in order only`() async throws {
            try await withTestSystem { test in
                let witness = PoolWitness(actorSystem: test.system)
                let gate = PoolGate(actorSystem: test.system)
                let pool = try await test.system.makePool(of: PoolGatekeeper.self, size: 2)
                let open = PoolGate(actorSystem: test.system)
                try await open.open()
                let tasks = (0..<10).map {
                    PoolGatekeeper.Task(task: "\($0)", gate: $0 == 0 ? gate : open, witness: witness)
                }
                var indices: [Int] = []
                for try await done in pool.mapUnordered(tasks, window: 10, chunk: .size(1)) {
                    indices.append(done.index)
                    if indices.count == 9 { try await gate.open() }
                }
                #expect(indices.last == 0)
                #expect(indices.sorted() == Array(0..<10))
            }
        }

        // MARK: Inputs that come by themselves

        @Test func `inputs that come by themselves are served as they come`() async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolSquarer.self, size: 2)
                let (stream, continuation) = AsyncStream<Int>.makeStream()
                var iterator = pool.map(stream).makeAsyncIterator()
                for number in 1...20 {
                    // The next is there only when this one's result is.
                    continuation.yield(number)
                    #expect(try await iterator.next() == number * number)
                }
                for number in 21...2_000 { continuation.yield(number) }
                continuation.finish()
                var rest: [Int] = []
                while let square = try await iterator.next() { rest.append(square) }
                #expect(rest == (21...2_000).map { $0 * $0 })
                var indices = Set<Int>()
                let numbers = AsyncStream<Int> { continuation in
                    for number in 0..<1_000 { continuation.yield(number) }
                    continuation.finish()
                }
                for try await done in pool.mapUnordered(numbers, window: 10) {
                    #expect(done.value == done.index * done.index)
                    indices.insert(done.index)
                }
                #expect(indices.count == 1_000)
            }
        }

        @Test func `an error of the inputs comes after the results of those before it`() async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolSquarer.self, size: 2)
                let inputs = AsyncThrowingStream<Int, any Error> { continuation in
                    for number in 0..<100 { continuation.yield(number) }
                    continuation.finish(throwing: Broken(why: "no more"))
                }
                var squares: [Int] = []
                let error: Broken? = await caught {
                    for try await square in pool.map(inputs) { squares.append(square) }
                }
                #expect(squares == (0..<100).map { $0 * $0 })
                #expect(error == Broken(why: "no more"))
            }
        }

        @Test func `no more inputs are taken than the window has room for when they come by themselves`()
            async throws
        {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolSquarer.self, size: 2)
                let pulled = PulledInputs(upTo: 300)
                var taken = 0
                for try await square in pool.map(pulled, window: 7) {
                    #expect(square == taken * taken)
                    #expect(pulled.count <= taken + 7 + 1)
                    taken += 1
                }
                #expect(taken == 300)
            }
        }
    }
}

/// Counts how many of its elements were taken.
private final class PulledInputs: AsyncSequence, Sendable {
    typealias Element = Int
    private let pulled = Atomic(0)
    private let limit: Int

    init(upTo limit: Int) { self.limit = limit }

    var count: Int { pulled.load(ordering: .relaxed) }

    func makeAsyncIterator() -> Iterator { Iterator(inputs: self) }

    struct Iterator: AsyncIteratorProtocol {
        let inputs: PulledInputs

        mutating func next() async -> Int? {
            guard inputs.count < inputs.limit else { return nil }
            return inputs.pulled.wrappingAdd(1, ordering: .relaxed).oldValue
        }
    }
}
