/// A job, for what need not know its type.
class JobBox: @unchecked Sendable {
    // @unchecked: the only thing in a subclass is a constant that is Sendable.
    fileprivate init() {}

    /// The job, which is of this type.
    final func job<Job: Sendable>(as type: Job.Type) -> Job {
        guard let box = self as? TypedJobBox<Job> else {
            preconditionFailure("a queue of \(type) has another job in it")
        }
        return box.job
    }
}

/// A job of some type.
final class TypedJobBox<Job: Sendable>: JobBox, @unchecked Sendable {
    // @unchecked: a constant that is Sendable.
    fileprivate let job: Job

    init(_ job: Job) {
        self.job = job
        super.init()
    }
}
