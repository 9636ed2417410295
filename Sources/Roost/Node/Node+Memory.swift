internal import RoostPlatform

/// The limit of resident memory, which the kernel does not know: sampled once a second, for all processes.
extension Node {
    private static let samplingInterval = Duration.seconds(1)

    /// Begins to sample, if the process has a limit and nobody samples yet.
    func watchMemory(of process: WorkerProcess) {
        guard memoryTimer == nil, process.hasMemoryLimit else { return }
        memoryTimer = loop.schedule(
            .closure { [unowned self] in sampleMemory() },
            at: Monotonic.now.advanced(by: Self.samplingInterval))
    }

    private func sampleMemory() {
        memoryTimer = nil
        for process in processByID.values where process.hasMemoryLimit {
            guard let pid = process.pid, let resident = ProcessStatus.residentMemory(of: pid) else {
                continue
            }
            if process.actor.options.limits.isExceeded(byResident: resident) { kill(process, .memoryLimit) }
        }
        // The killed ones are there until they have been reaped.
        if let process = processByID.values.first(where: \.hasMemoryLimit) { watchMemory(of: process) }
    }
}

extension WorkerProcess {
    fileprivate var hasMemoryLimit: Bool {
        method != .inProcess && actor.options.limits.residentMemory != nil
    }
}
