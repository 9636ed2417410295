/// What one watcher has been given, and whether what there is now is to be given too.
struct AgentCursor<Value> {
    private let onlyDistinct: Bool
    private let isSame: (Value, Value) -> Bool
    /// After how many updates what was given last was read, and what it was if that matters.
    private var given: (updates: Int, value: Value?)?

    init(onlyDistinct: Bool, isSame: @escaping (Value, Value) -> Bool) {
        self.onlyDistinct = onlyDistinct
        self.isSame = isSame
    }

    /// The watcher asks for more, and says what it had last: what was under way to it may have been lost.
    mutating func asked(after updates: Int?) {
        if given?.updates != updates { given = nil }
    }

    /// Whether this, read after so many updates, is given; if not, the next change is waited for.
    mutating func gives(_ value: Value, after updates: Int) -> Bool {
        if let given {
            if given.updates == updates { return false }
            if let last = given.value, isSame(last, value) {
                return false
            }
        }
        given = (updates, onlyDistinct ? value : nil)
        return true
    }
}
