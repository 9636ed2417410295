internal import RoostWire

/// Has the runtime build, once in the zygote, what every worker's start would build for itself: workers share these
/// pages, and need not look anything up.
///
/// Called from C. It encodes and decodes, and nothing else: no lock, no thread and no thread's identity may be in
/// the memory that a fork copies.
@_cdecl("roost_zygote_warm_up")
func warmUpZygote() {
    let order = StartOrder(
        system: 0, process: 0, actor: 0, incarnation: 0, name: "", mangledType: "", arguments: [],
        maximumMessage: 0, mailboxMessages: 0, mailboxBytes: 0,
        limits: ProcessLimits(addressSpace: 1, openFiles: 1, coreDumps: false))
    let key = ActorKey(owner: 0, number: 0)
    let told: [NodeMessage] = [
        .start(order), .peer(process: 0), .resolved(request: 0, .process(0, attempts: 0)),
        .found(request: 0, FoundActor(key: key, mangledType: "")),
        .terminated(request: 0, process: 0, reason: ExitReason.normal.record), .stop, .ping,
    ]
    for message in told { warmUp(message) }
    let tells: [WorkerMessage] = [
        .ready, .ending(nil), .resolve(request: 0, key: key, lost: 0), .find(request: 0, name: ""),
        .watch(request: 0, key: key), .progress, .alive,
    ]
    for message in tells { warmUp(message) }
    warmUp(NoArguments())
}

private func warmUp<T: Codable>(_ value: T) {
    // Nothing in them can fail to be encoded; and if it did, workers would say so.
    guard let bytes = try? WireCoding.bytes(of: value) else { return }
    _ = try? WireCoding.value(T.self, of: bytes)
}
