/// How many processes an ``ActorPool`` has.
///
/// ```swift
/// let fixed: PoolSize = 4
/// let machine = PoolSize.processors
/// let adaptive = PoolSize.between(1, and: 8)
/// ```
public struct PoolSize: Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// There are never fewer, unless they cannot be started.
    public let minimum: Int
    /// There are never more.
    public let maximum: Int

    /// Exactly so many; at least one.
    public init(_ count: Int) {
        self.init(minimum: count, maximum: count)
    }

    /// Exactly so many; at least one.
    public init(integerLiteral count: Int) {
        self.init(count)
    }

    private init(minimum: Int, maximum: Int) {
        precondition(minimum > 0 && maximum >= minimum, "a pool has at least one place")
        self.minimum = minimum
        self.maximum = maximum
    }

    /// As many as there are processors for this process.
    public static var processors: PoolSize { PoolSize(ProcessActorSystem.availableProcessors) }

    /// At first `minimum`; one more whenever tasks wait and nobody is free, up to `maximum`; one fewer whenever a
    /// process had nothing to do for ``PoolOptions/idleLimit``.
    public static func between(_ minimum: Int, and maximum: Int) -> PoolSize {
        PoolSize(minimum: minimum, maximum: maximum)
    }

    var range: ClosedRange<Int> { minimum...maximum }
}
