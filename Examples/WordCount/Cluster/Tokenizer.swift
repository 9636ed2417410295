import Distributed
import Glibc
import Roost

/// Counts chunks of text; reads them from the files itself, so that no text is ever sent.
///
/// It keeps nothing between two chunks: one that is killed costs the chunks it held, which others count again.
distributed actor Tokenizer: ProcessActor {
    struct Arguments: Codable, Sendable {
        var mode: WordMode
        var reducers: Int
    }

    private var counter: ChunkCounter

    init(_ arguments: Arguments, actorSystem: ActorSystem) {
        counter = ChunkCounter(mode: arguments.mode, reducers: arguments.reducers)
        self.actorSystem = actorSystem
    }

    /// Counts a chunk that was given to this process; nil if it was given to a predecessor.
    ///
    /// A message that was on its way when its receiver died is kept for the next incarnation. By then the chunk
    /// is somebody else's.
    distributed func count(_ chunk: Chunk, as process: Int32) -> ChunkReport? {
        process == getpid() ? counter.count(chunk) : nil
    }
}
