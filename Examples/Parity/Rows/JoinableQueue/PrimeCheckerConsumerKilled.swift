import Roost

/// The prime checker, with a consumer that is killed at its second number.
struct PrimeCheckerConsumerKilled: ParityRow {
    let name = "prime-checker-consumer-killed"
    let system = "JoinableQueue"
    let what = "the prime checker, a consumer is killed"
    let counted = "numbers"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        try await PrimeChecker.check(PrimeChecker.numbers, firstIsKilledAt: 2, system)
    }
}
