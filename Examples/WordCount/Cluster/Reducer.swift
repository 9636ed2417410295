import Distributed
import Glibc
import Roost

/// Adds up the counts of its share of the words, and ranks them in the end.
///
/// All it knows is what it was given. One that is killed is given all of it again from the replay log, as a
/// successor with nothing counted yet; so every message names the process it is for.
distributed actor Reducer: ProcessActor {
    /// What taking a part came to.
    struct Receipt: Codable, Sendable {
        var workingNanoseconds: UInt64
    }

    private var inbox = ReducerInbox()
    private var words = Combiner()
    private var ranking: (selection: Selection, ranking: Ranking)?

    /// Takes a part of a chunk's counts; nil if it was meant for a predecessor.
    ///
    /// - Throws: ``BlobError`` if the counts are damaged.
    distributed func hold(_ delivery: Delivery, as process: Int32) throws -> Receipt? {
        guard process == getpid() else { return nil }
        let start = MonotonicTime.nanoseconds
        switch inbox.receive(delivery) {
        case .hold, .ignore: break
        case .takeOver(let parts):
            ranking = nil
            for part in parts { try words.merge(part) }
        case .refuse: preconditionFailure("a part of chunk \(delivery.chunk) contradicts the others")
        }
        return Receipt(workingNanoseconds: MonotonicTime.nanoseconds - start)
    }

    /// A page of the words in order, from the `start`-th on; nil if a predecessor was asked.
    distributed func page(from start: Int, _ selection: Selection, as process: Int32) -> RankingPage? {
        guard process == getpid() else { return nil }
        if let ranking, ranking.selection == selection { return ranking.ranking.page(from: start) }
        let made = Ranking(words, selection)
        ranking = (selection, made)
        return made.page(from: start)
    }
}
