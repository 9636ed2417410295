/// Jobs that came together, for what need not know their type.
class JobBox: @unchecked Sendable {
    // @unchecked: the only thing in a subclass is a constant that is Sendable.
    /// How many there are.
    let count: Int

    fileprivate init(count: Int) {
        self.count = count
    }

    /// The jobs, which are of this type.
    final func jobs<Job: Sendable>(of type: Job.Type) -> [Job] {
        guard let box = self as? TypedJobBox<Job> else {
            preconditionFailure("a queue of \(type) has another job in it")
        }
        return box.jobs
    }
}

/// Jobs of some type.
final class TypedJobBox<Job: Sendable>: JobBox, @unchecked Sendable {
    // @unchecked: a constant that is Sendable.
    fileprivate let jobs: [Job]

    init(_ jobs: [Job]) {
        self.jobs = jobs
        super.init(count: jobs.count)
    }
}

/// One of the jobs that came together.
struct BoxedJob: Sendable {
    let box: JobBox
    let place: Int

    /// The job, which is of this type.
    func job<Job: Sendable>(as type: Job.Type) -> Job {
        box.jobs(of: type)[place]
    }
}
