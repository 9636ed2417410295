/// What each worker did, over all its incarnations, and how its time was spent.
struct WorkerLedger: Sendable {
    private struct Account {
        var summary: WorkerSummary
        /// Since when it has been starting, or alive.
        var since: ContinuousClock.Instant
        var isUp = false
        var alive = Duration.zero
    }

    private var accounts: [Account] = []
    private var places: [WorkerID: Int] = [:]
    /// How often a successor took the place of a process that died.
    private(set) var restarts = 0

    /// Opens an account for every worker, all of which are being started now.
    init(_ workers: [WorkerID], at now: ContinuousClock.Instant) {
        for worker in workers {
            places[worker] = accounts.count
            accounts.append(Account(summary: WorkerSummary(name: worker.name, pid: 0), since: now))
        }
    }

    mutating func becameReady(_ worker: WorkerID, processID: Int32, at now: ContinuousClock.Instant) {
        change(worker) { account in
            if account.summary.pid != 0 { account.summary.restarts += 1 }
            account.summary.pid = processID
            account.summary.startUp += account.since.duration(to: now)
            account.since = now
            account.isUp = true
        }
        restarts = accounts.reduce(0) { $0 + $1.summary.restarts }
    }

    mutating func lost(_ worker: WorkerID, at now: ContinuousClock.Instant) {
        change(worker) { account in
            // One that dies while it starts has been starting ever since its predecessor died.
            guard account.isUp else { return }
            account.alive += account.since.duration(to: now)
            account.since = now
            account.isUp = false
        }
    }

    /// Notes work that a worker has done.
    mutating func worked(_ worker: WorkerID, bytes: Int, nanoseconds: UInt64) {
        change(worker) { account in
            account.summary.chunks += 1
            account.summary.bytes += bytes
            account.summary.working += .nanoseconds(Int64(clamping: nanoseconds))
        }
    }

    /// The accounts at the end.
    func summaries(at now: ContinuousClock.Instant) -> [WorkerSummary] {
        accounts.map { account in
            var summary = account.summary
            let present = account.since.duration(to: now)
            if !account.isUp { summary.startUp += present }
            let alive = account.alive + (account.isUp ? present : .zero)
            summary.waiting = max(.zero, alive - summary.working)
            return summary
        }
    }

    private mutating func change(_ worker: WorkerID, _ body: (inout Account) -> Void) {
        guard let place = places[worker] else { return }
        body(&accounts[place])
    }
}
