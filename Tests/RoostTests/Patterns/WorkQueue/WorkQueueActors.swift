import Distributed
import Glibc
import RoostTesting

/// What the tests have done, and what becomes of who does it.
struct Chore: Codable, Sendable, Hashable {
    enum Behaviour: Codable, Sendable, Hashable {
        case work
        /// Whoever does it for the first time dies of it.
        case killFirst
        case killAlways
        case exitAlways(Int32)
        case rejectFirst
        case rejectAlways
        case giveUp
        case forgetFirst
        case giveBackFirst
        /// Whoever does it for the first time is at it for ever.
        case holdFirst
    }

    var number: Int
    var behaviour = Behaviour.work
}

/// What a worker says of a chore.
struct ChoreReport: Codable, Sendable, Hashable {
    var number: Int
    var attempt: Int
    var isRedelivered: Bool
    var worker: String
    var process = getpid()
    /// Whether it has only begun, and stays at it.
    var isHeld = false
}

typealias Reports = MailboxSender<ChoreReport>

/// Does chores, from its start on and again after each restart.
distributed actor ChoreWorker: ProcessActor {
    struct Arguments: Codable, Sendable {
        var queue: WorkQueue<Chore>
        var reports: MailboxAddress<ChoreReport>
        var name: String
        var prefetch = 1
    }

    init(_ arguments: Arguments, actorSystem: ActorSystem) async throws {
        self.actorSystem = actorSystem
        let reports = try await arguments.reports.open()
        Task.detached { try await Self.work(arguments, reports) }
    }

    private static func work(_ arguments: Arguments, _ reports: Reports) async throws {
        for try await delivery in arguments.queue.jobs(
            prefetch: arguments.prefetch, as: arguments.name)
        {
            try await serve(delivery, as: arguments.name, reports)
        }
        try await reports.finish()
    }

    private static func serve(
        _ delivery: JobDelivery<Chore>, as name: String, _ reports: Reports
    ) async throws {
        let isFirst = !delivery.isRedelivered
        var report = ChoreReport(
            number: delivery.job.number, attempt: delivery.attempt, isRedelivered: delivery.isRedelivered,
            worker: name)
        switch delivery.job.behaviour {
        case .killAlways: kill(getpid(), SIGKILL)
        case .killFirst where isFirst: kill(getpid(), SIGKILL)
        case .exitAlways(let code): exit(code)
        case .rejectAlways: return try await delivery.reject("never")
        case .rejectFirst where isFirst: return try await delivery.reject("not now")
        case .giveUp: return try await delivery.reject("nobody can", isRetried: false)
        case .forgetFirst where isFirst: return
        case .giveBackFirst where isFirst: return try await delivery.giveBack()
        case .holdFirst where isFirst:
            report.isHeld = true
            try await reports.put(report)
            for await _ in AsyncStream.makeStream(of: Void.self).stream {}
        default: break
        }
        try await reports.put(report)
        try await delivery.acknowledge()
    }
}

/// Is told from outside what to do with a queue, in a process of its own.
distributed actor QueueUser: ProcessActor {
    private var deliveries: JobDeliveries<Chore>.Iterator?
    private var held: [JobDelivery<Chore>] = []

    distributed func put(_ count: Int, into queue: WorkQueue<Chore>) async throws {
        try await queue.put(contentsOf: (0..<count).map { Chore(number: $0) })
    }

    /// Puts without end, one by one; says how many are there, every time.
    distributed func putForEver(into queue: WorkQueue<Chore>, _ counts: MailboxAddress<Int>) async throws {
        let counts = try await counts.open()
        for number in 0... {
            try await queue.put(Chore(number: number))
            try await counts.put(number + 1)
        }
    }

    distributed func putLarge(
        _ count: Int, _ size: Int, into queue: WorkQueue<[UInt8]>, _ signal: Signal
    ) async throws {
        try await signal.fire("putting")
        try await queue.put(contentsOf: (0..<count).lazy.map { _ in [UInt8](repeating: 7, count: size) })
    }

    /// Takes so many jobs, and keeps them.
    distributed func take(_ count: Int, of queue: WorkQueue<Chore>, prefetch: Int) async throws -> [Int] {
        var iterator = deliveries ?? queue.jobs(prefetch: prefetch).makeAsyncIterator()
        var numbers: [Int] = []
        while numbers.count < count, let delivery = try await iterator.next() {
            held.append(delivery)
            numbers.append(delivery.job.number)
        }
        deliveries = iterator
        return numbers
    }

    distributed func acknowledgeAll() async throws {
        for delivery in held { try await delivery.confirm() }
        held = []
    }

    /// Leaves the loop; what it has taken it keeps.
    distributed func leave() { deliveries = nil }

    /// Works on everything until the queue is finished; returns how many.
    distributed func workUntilFinished(_ queue: WorkQueue<Chore>, prefetch: Int) async throws -> Int {
        var count = 0
        for try await delivery in queue.jobs(prefetch: prefetch) {
            count += 1
            try await delivery.acknowledge()
        }
        return count
    }

    /// Works on so many jobs, and returns their numbers when the queue knows that they are done.
    distributed func workUntilEmpty(_ queue: WorkQueue<Chore>, count: Int) async throws -> [Int] {
        var numbers: [Int] = []
        for try await delivery in queue.jobs() {
            numbers.append(delivery.job.number)
            try await delivery.confirm()
            if numbers.count == count { break }
        }
        return numbers
    }

    /// What a loop over the queue's jobs ends with.
    distributed func outcomeOfLoop(over queue: WorkQueue<Chore>, _ signal: Signal) async throws -> String {
        do {
            var iterator = queue.jobs().makeAsyncIterator()
            let first = try await iterator.next()
            try await signal.fire("waiting")
            let next = try await iterator.next()
            return next == nil ? "ended" : "a job after \(first?.job.number ?? -1)"
        } catch let error as RemoteCallError {
            return "\(error.code): \(error.exitReason?.description ?? "no reason")"
        }
    }
}

/// The memory of a process that is resident, in KiB; 0 when it is gone.
func residentKibibytes(of process: Int32) -> Int {
    guard let file = unsafe fopen("/proc/\(process)/statm", "r") else { return 0 }
    defer { unsafe _ = fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = unsafe fread(&buffer, 1, buffer.count, file)
    let fields = String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) / 1_024 : 0
}
