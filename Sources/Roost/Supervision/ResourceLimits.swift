internal import RoostPlatform
internal import RoostWire

/// How much of the machine the process of one actor may use.
///
/// ```swift
/// let limits = ResourceLimits(openFiles: 64, residentMemory: 512 << 20)
/// let parser = try await system.spawn(Parser.self, options: SpawnOptions(limits: limits))
/// ```
/// All but the resident memory are the kernel's own limits (`setrlimit`), set before `prepareProcess` and the
/// initialiser run. What goes beyond them fails in the actor: an allocation, mostly a crash; an `open`, with
/// `EMFILE`. One that cannot be set, because the node's own is lower, fails the start with `.resources`.
///
/// With ``SystemOptions/SpawnMethod/inProcess`` nothing is limited: the process is the node's.
public struct ResourceLimits: Hashable, Sendable, Codable {
    /// The memory that may be mapped, in bytes (`RLIMIT_AS`); nil for no limit.
    ///
    /// Mapped is far more than used: a worker begins with some hundred MiB.
    public var addressSpace: Int?
    /// How many descriptors may be open, Roost's own included (`RLIMIT_NOFILE`); nil for the node's limit.
    ///
    /// Roost has about five, and one for every process the actor talks to.
    public var openFiles: Int?
    /// Whether a crash leaves a core dump, if the machine's settings want one (`RLIMIT_CORE`).
    ///
    /// Not by default: an actor that is restarted again and again would fill the disk.
    public var coreDumps: Bool
    /// The memory that may be used, in bytes; nil for no limit.
    ///
    /// The node looks once a second. A process that has more is killed, with the reason
    /// `.killed(by: .memoryLimit)`; for a moment it may have had much more.
    public var residentMemory: Int?

    /// No limits but the given, and no core dumps.
    public init(
        addressSpace: Int? = nil, openFiles: Int? = nil, coreDumps: Bool = false, residentMemory: Int? = nil
    ) {
        for limit in [addressSpace, openFiles, residentMemory].compactMap(\.self) {
            precondition(limit > 0, "a process cannot live with a limit of \(limit)")
        }
        self.addressSpace = addressSpace
        self.openFiles = openFiles
        self.coreDumps = coreDumps
        self.residentMemory = residentMemory
    }

    /// Reads what another process has written; throws what the initialiser would not have taken.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        addressSpace = try container.decodeIfPresent(Int.self, forKey: .addressSpace)
        openFiles = try container.decodeIfPresent(Int.self, forKey: .openFiles)
        coreDumps = try container.decode(Bool.self, forKey: .coreDumps)
        residentMemory = try container.decodeIfPresent(Int.self, forKey: .residentMemory)
        let isSound = [addressSpace, openFiles, residentMemory].allSatisfy { $0.map { $0 > 0 } ?? true }
        try decoder.check(isSound, "a process cannot live with these limits")
    }

    /// Whether a process with so much memory, in bytes, must go.
    func isExceeded(byResident memory: Int) -> Bool {
        residentMemory.map { memory > $0 } ?? false
    }

    /// What the process sets for itself.
    var record: ProcessLimits {
        ProcessLimits(
            addressSpace: addressSpace.map { UInt64($0) }, openFiles: openFiles.map { UInt64($0) },
            coreDumps: coreDumps)
    }
}

extension ProcessLimits {
    /// Limits this process.
    func apply() throws(SystemError) {
        if let addressSpace { try ResourceLimit.addressSpace.set(to: Int(clamping: addressSpace)) }
        if let openFiles { try ResourceLimit.openFiles.set(to: Int(clamping: openFiles)) }
        if coreDumps {
            try ResourceLimit.coreDump.raise()
        } else {
            try ResourceLimit.coreDump.set(to: 0)
        }
    }
}
