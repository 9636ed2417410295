/// The newest dead letters of a work queue, for readers that are each at another place in it.
struct DeadLetterLog<Letter> {
    private var letters: [Letter] = []
    /// The number of the first letter that is kept.
    private var first = 0
    private let limit: Int
    private(set) var isClosed = false

    init(limit: Int) {
        self.limit = limit
    }

    mutating func append(_ letter: Letter) {
        letters.append(letter)
        // In steps: each removal moves all that are kept.
        guard letters.count >= limit * 2 else { return }
        let excess = letters.count - limit
        letters.removeFirst(excess)
        first += excess
    }

    /// No more follow.
    mutating func close() { isClosed = true }

    /// The letter with this number, or the first after it that is kept, and its number.
    func letter(from number: Int) -> (number: Int, letter: Letter)? {
        let oldest = first + max(0, letters.count - limit)
        let place = max(number, oldest) - first
        return place < letters.count ? (first + place, letters[place]) : nil
    }
}
