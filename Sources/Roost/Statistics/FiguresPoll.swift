/// When a process is asked for its figures: once at a time, however many want to know.
///
/// A process that is stopped, or computes, answers late or never. Questions must not gather before it, and nobody
/// may get an answer to a question that was asked before his own.
struct FiguresPoll: Equatable {
    private(set) var asked: UInt32 = 0
    private(set) var answered: UInt32 = 0
    private var wanted: UInt32 = 0

    /// Somebody wants to know.
    ///
    /// - Returns: which answer is his, and whether to ask now.
    mutating func want() -> (number: UInt32, asksNow: Bool) {
        if asked == answered {
            asked &+= 1
            wanted = asked
            return (asked, true)
        }
        wanted = asked &+ 1
        return (wanted, false)
    }

    /// What an answer leads to.
    enum AnsweredAction: Equatable {
        /// Everybody has what he wanted.
        case done
        /// Somebody came after the question: ask again.
        case ask(UInt32)
        /// It answers nothing that was asked.
        case ignored
    }

    mutating func answered(_ number: UInt32) -> AnsweredAction {
        guard number == asked, asked != answered else { return .ignored }
        answered = asked
        if wanted == asked { return .done }
        asked = wanted
        return .ask(asked)
    }
}
