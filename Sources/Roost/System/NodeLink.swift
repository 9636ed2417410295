internal import RoostWire

/// What a process asks of the node: directly in the node itself, over the control socket in a worker.
///
/// All of it is called, and answers, on the process's loop, but for ``progressed()``.
protocol NodeLink: AnyObject, Sendable {
    /// Where the actor is, once it can be reached or never will be; `lost` is no answer any more.
    func resolve(_ key: ActorKey, lost: UInt64?, _ answer: @escaping @Sendable (Resolution) -> Void)
    /// Why a process ended, once that is known.
    func exitReason(of process: UInt64, _ answer: @escaping @Sendable (ExitReason) -> Void)
    /// The process sent bytes that no honest process sends.
    func violation(by process: UInt64, _ detail: String)
    /// An actor made here is no more; said of those the node asked about.
    func gone(_ actor: UInt32)
    /// Whether what is reported leaves at once: while it does not, reports are not to gather.
    var canReport: Bool { get }
    /// A message was lost.
    func report(_ letter: DeadLetterRecord)
    /// What the actors of this process have waited for, for a while.
    func report(_ waits: WaitReport)
    /// A watched process gets on with its work; from any thread.
    func progressed()
    /// The spawned actor of this process ends itself.
    func endRequested(_ end: ActorContext.End)
}
