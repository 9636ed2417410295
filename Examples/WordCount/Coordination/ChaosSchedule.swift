/// Which process is struck how, and after how many acknowledged chunks: decided before the run, by the seed.
///
/// A strike falls due when that many chunks are acknowledged, and is carried out when it hits something: a tokenizer
/// while it counts a chunk, which is then no longer its own, a reducer when it has counts to lose. So every
/// strike costs a redelivery.
struct ChaosSchedule: Sendable {
    /// What is struck.
    enum Kind: Hashable, Sendable, CaseIterable {
        case tokenizer, reducer, zygote
    }

    /// How it is struck.
    enum Blow: Hashable, Sendable {
        /// SIGKILL.
        case kill
        /// SIGSTOP: the process is there and does nothing, which somebody has to notice.
        case stop
    }

    /// One strike.
    struct Strike: Hashable, Sendable {
        var kind: Kind
        var blow: Blow
        /// How many chunks are acknowledged before it falls due.
        var after: Int
        /// Chooses among those that can be hit: the remainder after division by their number.
        var choice: Int
    }

    /// The strikes that were not carried out yet, the first to fall due first.
    private(set) var pending: [Strike]

    /// Places the strikes of a specification over a run of about `chunks` chunks.
    ///
    /// Two kills and more hit both kinds of worker; after the first two the seed decides, two to one for
    /// tokenizers, of which there are usually more.
    init(_ specification: ChaosSpecification, chunks: Int) {
        var generator = SeededGenerator(seed: specification.seed)
        var strikes: [Strike] = []
        for blow in [Blow.kill, .stop] {
            let count = blow == .kill ? specification.kills : specification.stops
            for index in 0..<count {
                let isTokenizer = index < 2 ? index == 0 : Int.random(in: 0..<3, using: &generator) > 0
                strikes.append(
                    Self.strike(isTokenizer ? .tokenizer : .reducer, blow, chunks: chunks, using: &generator))
            }
        }
        for _ in 0..<specification.zygoteKills {
            strikes.append(Self.strike(.zygote, .kill, chunks: chunks, using: &generator))
        }
        // Sorting is not stable in all versions of the library; the order at one moment must be.
        pending = strikes.enumerated().sorted {
            ($0.element.after, $0.offset) < ($1.element.after, $1.offset)
        }
        .map(\.element)
    }

    private static func strike(
        _ kind: Kind, _ blow: Blow, chunks: Int, using generator: inout SeededGenerator
    ) -> Strike {
        // After the last acknowledgement no tokenizer has work left, and before the first no reducer has any.
        let moments = kind == .reducer ? 1...max(1, chunks) : 0...max(0, chunks - 1)
        return Strike(
            kind: kind, blow: blow, after: Int.random(in: moments, using: &generator),
            choice: Int.random(in: 0..<1 << 16, using: &generator))
    }

    /// How many strikes are left.
    func remaining(_ kind: Kind) -> Int {
        pending.count { $0.kind == kind }
    }

    /// The next strike of a kind that is due, taken off the schedule: the caller carries it out.
    mutating func take(_ kind: Kind, acknowledged: Int) -> Strike? {
        guard let index = pending.firstIndex(where: { $0.kind == kind && $0.after <= acknowledged }) else {
            return nil
        }
        return pending.remove(at: index)
    }
}
