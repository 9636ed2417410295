import Roost

/// A new process, from the request to the first answer of its actor, one at a time.
///
/// Measured in the node: `spawn`, which waits for the actor's initialiser, and one call of 64 bytes.
/// Stopping it again is not measured, and has ended before the next begins. Not measured either: starting
/// the system and its zygote; ten processes come and go before.
struct SpawnOne: Benchmark {
    let name = "spawn"
    let summary = "a new process to its first answer, one at a time"

    func round(_ scale: Scale) async throws -> [Measurement] {
        try await ProcessActorSystem.run { system in
            var times: [UInt64] = []
            for _ in 0..<10 { _ = try await spawnOne(system) }
            for _ in 0..<scale.of(300) { times.append(try await spawnOne(system)) }
            return Percentiles(times).rows(name, .milliseconds, mark: .atMost(2))
        }
    }

    private func spawnOne(_ system: ProcessActorSystem) async throws -> UInt64 {
        let message = Message(size: 64)
        let start = Clock.now
        let echo = try await system.spawn(Echo.self)
        let answer = try await echo.echo(message.bytes)
        let time = Clock.now - start
        try CheckFailed.unless(answer == message.bytes, "the new process answered with something else")
        try await system.stop(echo)
        return time
    }
}

/// A hundred new processes, requested at once, until the last has answered one call.
///
/// A hundred tasks in the node each spawn an actor and call it. Measured from before the first task is
/// made until the last has its answer; they are stopped outside the measured time, and that they were a
/// hundred different processes is checked. `--quick` does not make it fewer.
struct SpawnHundred: Benchmark {
    let name = "spawn-100"
    let summary = "100 new processes at once, until all have answered"

    func round(_ scale: Scale) async throws -> [Measurement] {
        try await ProcessActorSystem.run { system in
            try await system.stop(system.spawn(Echo.self))
            let start = Clock.now
            let processes = try await spawnAnswering(100, in: system).map(\.process)
            let time = Clock.now - start
            try CheckFailed.unless(Set(processes).count == 100, "the processes were not 100 different ones")
            return [
                Measurement(
                    benchmark: name, metric: "all", value: TimeUnit.milliseconds.value(time),
                    unit: TimeUnit.milliseconds.rawValue)
            ]
        }
    }
}

/// Spawns `count` actors at once, and asks each for its process.
func spawnAnswering(
    _ count: Int, in system: ProcessActorSystem
) async throws -> [(actor: Echo, process: Int32)] {
    try await withThrowingTaskGroup(of: (Echo, Int32).self) { group in
        for _ in 0..<count {
            group.addTask {
                let echo = try await system.spawn(Echo.self)
                return (echo, try await echo.processID())
            }
        }
        var spawned: [(actor: Echo, process: Int32)] = []
        for try await (echo, process) in group { spawned.append((actor: echo, process: process)) }
        return spawned
    }
}
