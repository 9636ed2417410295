import Distributed
import Glibc
import Roost

/// Serves the tasks of pools.
distributed actor Squarer: PoolWorker {
    /// A number, and what happens to who squares it.
    struct Task: Codable, Sendable {
        var number: Int
        /// Kills the first who takes it.
        var fuse: Fuse?
        /// Whether it is refused, with an error that cannot be decoded.
        var isRefused = false
        /// How long it computes.
        var duration = Duration.zero
    }

    distributed func perform(_ task: Task) async throws -> Int {
        if let fuse = task.fuse, try await fuse.blow() { kill(getpid(), SIGKILL) }
        if task.isRefused { throw Refused(number: task.number) }
        let end = ContinuousClock.now + task.duration
        while ContinuousClock.now < end {}
        return task.number * task.number
    }
}

/// Blows once, whoever asks.
distributed actor Fuse: ProcessActor {
    private var isBlown = false

    /// Whether this is the first time.
    distributed func blow() -> Bool {
        defer { isBlown = true }
        return !isBlown
    }
}

/// An error that can be encoded, and not decoded.
struct Refused: Error, Codable {
    var number: Int

    init(number: Int) {
        self.number = number
    }

    init(from decoder: any Decoder) throws {
        throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "unlucky"))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }
}

/// A worker that has no database.
distributed actor Unprepared: PoolWorker {
    struct NoDatabase: Error {}

    static func prepareProcess() async throws { throw NoDatabase() }

    distributed func perform(_ number: Int) -> Int { number * number }
}
