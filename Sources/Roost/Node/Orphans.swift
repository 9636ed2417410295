/// Which children that the program has inherited are to be reaped.
///
/// Process 1, and a process that asked for it, becomes the parent of processes whose own parent has ended.
/// A zombie that nobody has waited for, from one look to the next, is taken for one of these: the program's
/// own children have somebody who waits for them.
struct Orphans {
    private var seen: Set<Int32> = []

    /// Takes in the zombies there are now; returns those to be reaped.
    mutating func look(_ zombies: Set<Int32>) -> Set<Int32> {
        defer { seen = zombies.subtracting(seen) }
        return zombies.intersection(seen)
    }

    /// Whether there is something to look after once more.
    var areExpected: Bool { !seen.isEmpty }
}
