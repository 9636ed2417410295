internal import RoostPlatform

extension ProcessActorSystem {
    /// How many processors the machine has online; at least 1.
    public static var availableProcessors: Int { CurrentProcess.processors }
}
