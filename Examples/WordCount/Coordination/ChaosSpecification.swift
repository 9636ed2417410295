/// What `--chaos` asks for: `kill=20,seed=7`, `stop=1`, `zygote=1`, in any combination.
struct ChaosSpecification: Equatable, Sendable {
    /// How many workers are killed with SIGKILL, tokenizers and reducers both.
    var kills = 0
    /// How many workers are stopped with SIGSTOP.
    var stops = 0
    /// How often the zygote, from which workers are forked, is killed.
    var zygoteKills = 0
    /// Decides who is hit and when.
    var seed: UInt64 = 1

    /// The most strikes of one kind: beyond it a run would be nothing else.
    static let most = 10_000

    init(kills: Int = 0, stops: Int = 0, zygoteKills: Int = 0, seed: UInt64 = 1) {
        self.kills = kills
        self.stops = stops
        self.zygoteKills = zygoteKills
        self.seed = seed
    }

    /// Reads a specification.
    ///
    /// - Throws: ``ArgumentError`` naming the part that cannot be.
    init(parsing text: String) throws(ArgumentError) {
        var seen: Set<Substring> = []
        for setting in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else {
                throw .badChaos(text, "'\(setting)' is not of the form name=number")
            }
            guard seen.insert(pair[0]).inserted else { throw .badChaos(text, "'\(pair[0])' is given twice") }
            try set(pair[0], to: pair[1], in: text)
        }
        guard kills + stops + zygoteKills > 0 else {
            throw .badChaos(text, "it neither kills nor stops anything")
        }
    }

    /// How many strikes there are in all.
    var strikes: Int { kills + stops + zygoteKills }

    private mutating func set(
        _ name: Substring, to value: Substring, in text: String
    ) throws(ArgumentError) {
        guard name != "seed" else {
            guard let number = UInt64(value) else {
                throw .badChaos(
                    text, "'\(value)' is not a seed: a seed is a whole number from 0 to \(UInt64.max)")
            }
            seed = number
            return
        }
        guard ["kill", "stop", "zygote"].contains(name) else {
            throw .badChaos(text, "there is no '\(name)'; there are kill, stop, zygote and seed")
        }
        guard let number = Int(value), (0...Self.most).contains(number) else {
            throw .badChaos(text, "'\(value)' is not a number from 0 to \(Self.most)")
        }
        switch name {
        case "kill": kills = number
        case "stop": stops = number
        default: zygoteKills = number
        }
    }
}
