import Roost

/// Something that happened, as the run's one stream of events tells it.
enum ClusterEvent: Sendable {
    /// A worker's process takes messages: its first, or the successor of one that died.
    case ready(WorkerID, processID: Int32)
    /// A worker's process has died.
    case lost(WorkerID)
    /// A worker died too often, and stays dead.
    case gaveUp(WorkerID, ExitReason)
    /// A tokenizer has counted a chunk.
    case reported(ChunkReport, Lease, by: Int)
    /// A reducer has taken an entry of its log.
    case settled(by: Int, incarnation: Int, bytes: Int, workingNanoseconds: UInt64)
    /// A reducer has sent a page of its words.
    case page(RankingPage, of: Int, incarnation: Int)
    /// The process is alive, but its answer cannot be had.
    case unanswered(WorkerID, processID: Int32, String)
    /// A tenth of a second has passed.
    case tick
    /// Ctrl-C, or SIGTERM.
    case interrupted
    /// The time that an interrupted run has to collect its words is over.
    case outOfTime
}
