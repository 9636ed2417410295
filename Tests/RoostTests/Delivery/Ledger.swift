import Distributed
import Glibc
import RoostTesting

/// What was served, in a file: it outlives the actors that write it.
struct Journal: Codable, Sendable {
    struct Entry: Equatable, Hashable {
        var sender: Int
        var number: Int
        var isRedelivered: Bool
        var process: Int32 = 0
    }

    let path: String

    init(_ name: String) {
        path = "/tmp/roost-journal-\(getpid())-\(name)-\(UInt32.random(in: 0...UInt32.max))"
    }

    /// Appends in one system call, which a kill cannot cut.
    func write(sender: Int = 0, _ number: Int, isRedelivered: Bool) {
        var words = [Int32(sender), Int32(number), isRedelivered ? 1 : 0, getpid()]
        let descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT, 0o600)
        unsafe _ = Glibc.write(descriptor, &words, 16)
        _ = close(descriptor)
    }

    var entries: [Entry] {
        let descriptor = unsafe open(path, O_RDONLY)
        defer { _ = close(descriptor) }
        var entries: [Entry] = []
        var words = [Int32](repeating: 0, count: 4 * 1_024)
        while true {
            let count = unsafe read(descriptor, &words, words.count * 4) / 16
            if count <= 0 { return entries }
            for index in 0..<count {
                entries.append(
                    Entry(
                        sender: Int(words[index * 4]), number: Int(words[index * 4 + 1]),
                        isRedelivered: words[index * 4 + 2] == 1, process: words[index * 4 + 3]))
            }
        }
    }

    func remove() { unsafe _ = unlink(path) }
}

/// Serves everything at least once, three times at most.
distributed actor Ledger: ProcessActor {
    static var delivery: DeliveryPolicy { .atLeastOnce(attempts: 3) }

    private let journal: Journal

    init(_ journal: Journal, actorSystem: ProcessActorSystem) {
        self.actorSystem = actorSystem
        self.journal = journal
    }

    distributed func book(_ number: Int, of sender: Int = 0, _ filling: [UInt8] = []) -> Int {
        journal.write(sender: sender, number, isRedelivered: context.isRedelivered)
        return number
    }
    distributed func bookAndCrash(_ number: Int) {
        journal.write(number, isRedelivered: context.isRedelivered)
        _ = kill(getpid(), SIGKILL)
        while true { _ = pause() }
    }
    distributed func sleepForEver(_ started: Signal) async throws {
        journal.write(0, isRedelivered: context.isRedelivered)
        try await sleepUntilCancelled(started)
    }
    /// Serves it once a file is there: until then everything else waits.
    distributed func bookOnce(_ path: String, _ number: Int, _ started: Signal) async throws {
        if !context.isRedelivered { try await sleepUntilCancelled(started) }
        journal.write(number, isRedelivered: context.isRedelivered)
    }
    distributed func sequence() -> MessageSequence? { context.sequence }
    distributed func callBack(_ other: Relay) async throws { try await other.critical() }
    distributed func processID() -> Int32 { getpid() }
}

/// The same, at most once.
distributed actor Diary: ProcessActor {
    private let journal: Journal

    init(_ journal: Journal, actorSystem: ProcessActorSystem) {
        self.actorSystem = actorSystem
        self.journal = journal
    }

    distributed func book(_ number: Int, of sender: Int = 0, _ filling: [UInt8] = []) -> Int {
        journal.write(sender: sender, number, isRedelivered: context.isRedelivered)
        return number
    }
    distributed func sequence() -> MessageSequence? { context.sequence }
    distributed func processID() -> Int32 { getpid() }
}
