internal import RoostPlatform
internal import RoostWire

/// What the actor is serving, for its process to tell when it crashes.
extension LocalActor {
    func recordBegin(of message: InboundMessage) {
        let sender = message.sections.sender ?? message.sections.path.last
        CrashRecorder.begin(
            message.target.text, owner: sender?.owner ?? 0, number: sender?.number ?? 0,
            hasSender: sender != nil)
    }

    /// A message on top of `outer` has ended; that one goes on, unless it did not wait.
    func recordEnd(backTo outer: CrashRecorder.Serving, isUnderWay: Bool) {
        if isUnderWay { CrashRecorder.again(outer) } else { CrashRecorder.end() }
    }
}
