import RoostTesting

extension SeededGenerator {
    /// A number from 0 to below `limit`, nearly evenly.
    func next(below limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
