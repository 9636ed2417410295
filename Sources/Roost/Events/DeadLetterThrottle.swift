internal import RoostWire

/// Keeps the telling of lost messages within bounds, however many are lost; none is left out of the counts.
///
/// The first of a tenth of a second are told one by one. Those that follow are added up, by sender, receiver,
/// method and reason, and told together when it is over. A process that drops a million messages a second so
/// sends the node a few hundred letters, and keeps fewer than that.
struct DeadLetterThrottle {
    /// How long letters are added up.
    static var interval: Duration { .milliseconds(100) }
    /// So many of an interval are told one by one.
    static let toldAtOnce = 64
    /// So many are told apart of those that are added up; of the rest only the reason is kept.
    static let maximumKinds = 64

    private struct Kind: Hashable {
        let process: UInt64
        let actor: ActorKey?
        let receiver: String
        let target: String
        let reason: String

        init(_ letter: DeadLetterRecord) {
            process = letter.process
            actor = letter.actor
            receiver = letter.receiver
            target = letter.target
            reason = letter.reason
        }
    }

    /// How many of this interval were told at once; nil between intervals.
    private var told: Int?
    private var gathered: [DeadLetterRecord] = []
    private var places: [Kind: Int] = [:]

    /// What becomes of a letter.
    enum LostAction: Equatable {
        /// It is told now; an interval may begin with it, whose end is to be told with `intervalEnded`.
        case tell(beginsInterval: Bool)
        /// It is told later, with others.
        case gathered
    }

    mutating func lost(_ letter: DeadLetterRecord) -> LostAction {
        guard let told else {
            self.told = 1
            return .tell(beginsInterval: true)
        }
        if told < Self.toldAtOnce {
            self.told = told + 1
            return .tell(beginsInterval: false)
        }
        gather(letter)
        return .gathered
    }

    /// The interval is over.
    ///
    /// - Parameter canTell: false while there is no way to tell anybody: then it goes on.
    /// - Returns: what is told now, and whether another interval begins.
    mutating func intervalEnded(canTell: Bool) -> (letters: [DeadLetterRecord], beginsAnother: Bool) {
        guard canTell else { return ([], true) }
        told = gathered.isEmpty ? nil : 0
        return (takeGathered(), told != nil)
    }

    /// What has been added up so far, to be told before the interval is over.
    mutating func takeGathered() -> [DeadLetterRecord] {
        defer {
            gathered = []
            places = [:]
        }
        return gathered
    }

    private mutating func gather(_ letter: DeadLetterRecord) {
        var letter = letter
        var kind = Kind(letter)
        if places[kind] == nil, places.count >= Self.maximumKinds {
            (letter.actor, letter.receiver, letter.target) = (nil, "", "")
            kind = Kind(letter)
        }
        if let place = places[kind] {
            gathered[place].count = gathered[place].count.addingClamped(letter.count)
        } else {
            places[kind] = gathered.count
            gathered.append(letter)
        }
    }
}

extension UInt64 {
    fileprivate func addingClamped(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
