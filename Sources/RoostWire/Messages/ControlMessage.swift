/// What the node tells a worker on its control socket.
package enum NodeMessage: Codable, Equatable, Sendable {
    /// The first message: what this process is for.
    case start(StartOrder)
    /// A data socket to another process is attached.
    case peer(process: UInt64)
    /// The answer to ``WorkerMessage/resolve(request:key:lost:)``.
    case resolved(request: UInt32, Resolution)
    /// The answer to ``WorkerMessage/find(request:name:)``.
    case found(request: UInt32, FoundActor?)
    /// A watched incarnation has ended in `process`.
    case terminated(request: UInt32, process: UInt64, reason: ExitRecord)
    /// Something of what is followed, encoded by the layer above; with the process whose end it is, else 0.
    case told(request: UInt32, process: UInt64, [UInt8])
    /// Say when this actor, made in this process, is no more: ``WorkerMessage/gone(actor:)``.
    case attend(actor: UInt32)
    /// The answer to ``WorkerMessage/reason(request:process:)``.
    case reason(request: UInt32, ExitRecord)
    /// The answer to ``WorkerMessage/ask(request:_:)``, encoded by the layer above.
    case answered(request: UInt32, [UInt8])
    /// Tell what you have counted: ``WorkerMessage/measured(request:_:)``.
    case measure(request: UInt32)
    /// This process, to which there is a data socket, is crashing: it has sent its last.
    case crashed(process: UInt64)
    /// Finish the message being served and end.
    case stop
    /// Answer with ``WorkerMessage/alive`` when the actor does not compute.
    case ping
    /// Answer with ``WorkerMessage/waits(_:)``: calls may be waiting for each other.
    case reportWaits
    /// The call with this number waits for itself, by way of the actors of the path: it fails.
    case deadlock(call: UInt64, path: [String])
}

/// What a worker tells the node on its control socket.
package enum WorkerMessage: Codable, Equatable, Sendable {
    /// The actor's initialiser has finished.
    case ready
    /// The actor could not be made.
    case startFailed(RemoteFailure)
    /// The initialiser said that the actor is not needed; the process ends.
    case ignored
    /// The actor ends itself: `nil` normally, otherwise with this error.
    case ending(RemoteFailure?)
    /// Where is this actor now? Answered when it can be reached, or never will be.
    /// `lost` is the process to which the connection ended: that one is no answer any more.
    case resolve(request: UInt32, key: ActorKey, lost: UInt64?)
    case find(request: UInt32, name: String)
    case watch(request: UInt32, key: ActorKey)
    case unwatch(request: UInt32)
    /// Tell all lives of this name.
    case follow(request: UInt32, name: String)
    /// Tell the members of this group, encoded by the layer above, and all changes.
    case followGroup(request: UInt32, [UInt8])
    case unfollow(request: UInt32)
    /// The answer to ``NodeMessage/attend(actor:)``: the actor is no more.
    case gone(actor: UInt32)
    /// Why did this process end? Answered when it is known.
    case reason(request: UInt32, process: UInt64)
    /// This process sent bytes that no worker sends.
    case violation(process: UInt64, String)
    /// Something for the layer above: an encoded request of it, answered by `answered`.
    case ask(request: UInt32, [UInt8])
    /// A message was lost here.
    case deadLetter(DeadLetterRecord)
    /// The answer to ``NodeMessage/measure(request:)``.
    case measured(request: UInt32, FiguresRecord)
    /// The answer to ``NodeMessage/ping``.
    case alive
    /// A message was finished, or its method says that it gets on; sent only where the actor is watched.
    case progress
    /// What the actors of this process wait for, encoded by the layer above.
    case waits([UInt8])
}

/// What a new worker is to be.
package struct StartOrder: Codable, Equatable, Sendable {
    /// Tells one node's references from another's.
    package var system: UInt64
    package var process: UInt64
    package var actor: UInt64
    package var incarnation: UInt32
    package var name: String
    package var mangledType: String
    package var arguments: [UInt8]
    package var maximumMessage: UInt64
    package var mailboxMessages: UInt32
    package var mailboxBytes: UInt64
    /// What the process limits itself to; nil where there is no process of its own.
    package var limits: ProcessLimits?
    /// Whether the node wants to know that messages are being finished.
    package var isWatched: Bool

    package init(
        system: UInt64, process: UInt64, actor: UInt64, incarnation: UInt32,
        name: String, mangledType: String, arguments: [UInt8], maximumMessage: UInt64,
        mailboxMessages: UInt32, mailboxBytes: UInt64, limits: ProcessLimits? = nil, isWatched: Bool = false
    ) {
        self.system = system
        self.process = process
        self.actor = actor
        self.incarnation = incarnation
        self.name = name
        self.mangledType = mangledType
        self.arguments = arguments
        self.maximumMessage = maximumMessage
        self.mailboxMessages = mailboxMessages
        self.mailboxBytes = mailboxBytes
        self.limits = limits
        self.isWatched = isWatched
    }
}

/// The kernel's limits for a worker.
package struct ProcessLimits: Codable, Equatable, Sendable {
    /// In bytes.
    package var addressSpace: UInt64?
    package var openFiles: UInt64?
    package var coreDumps: Bool

    package init(addressSpace: UInt64?, openFiles: UInt64?, coreDumps: Bool) {
        self.addressSpace = addressSpace
        self.openFiles = openFiles
        self.coreDumps = coreDumps
    }
}

/// Where an actor is.
package enum Resolution: Codable, Equatable, Sendable {
    /// In this process, to which a data socket has been sent; its messages are given to so many incarnations,
    /// 0 when what is lost with one is not given to the next.
    case process(UInt64, attempts: UInt32)
    /// Between two incarnations, and the actor's messages are not to wait; why the last one ended.
    case restarting(ExitRecord)
    /// Gone for good.
    case terminated(ExitRecord)
}

/// An actor found by name.
package struct FoundActor: Codable, Equatable, Sendable {
    package var key: ActorKey
    package var mangledType: String

    package init(key: ActorKey, mangledType: String) {
        self.key = key
        self.mangledType = mangledType
    }
}

/// A message that was not served, as told to the node.
package struct DeadLetterRecord: Codable, Equatable, Sendable {
    /// The process it came from.
    package var process: UInt64
    /// The actor there that sent it, as far as the message says.
    package var actor: ActorKey?
    package var receiver: String
    package var target: String
    /// One of the names that the layer above has.
    package var reason: String
    package var detail: String
    /// How many messages it stands for.
    package var count: UInt64

    package init(
        process: UInt64, actor: ActorKey?, receiver: String, target: String, reason: String, detail: String,
        count: UInt64 = 1
    ) {
        self.process = process
        self.actor = actor
        self.receiver = receiver
        self.target = target
        self.reason = reason
        self.detail = detail
        self.count = count
    }
}
