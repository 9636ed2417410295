import Roost

/// Why a run came to nothing.
enum RunFailure: Error {
    /// A worker could not be started.
    case cannotStart(String)
    /// A worker that the run cannot do without died too often.
    case gaveUp(WorkerID, ExitReason)
    /// What a reducer was given cannot be read again from the temporary file.
    case replay(SystemError)
    /// The words cannot be written.
    case output(SystemError)
    /// A reducer's words are damaged.
    case damaged(BlobError)
}

extension RunFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .cannotStart(let reason): "the workers cannot be started: \(reason)"
        case .gaveUp(let worker, let reason): "\(worker.name) died too often; the last time it \(reason)"
        case .replay(let error): "the temporary file cannot be read: \(error)"
        case .output(let error): "standard output: \(error)"
        case .damaged(let error): "a reducer's words are damaged: \(error)"
        }
    }
}
