/// All rows, in the order in which they are run and shown.
enum Catalogue {
    static let all: [any ParityRow] = [
        QueueConsumerKilled(), QueueProducerKilled(), QueuePutsThenKilled(), QueueUnencodable(),
        QueueJoinBeforeGet(), QueueNoReader(), QueueReferenceSent(),
        SharedMemoryDestroyed(), SharedMemoryLeaked(), ShareableListValues(),
        ManagerServerKilled(),
        ProcessParentKilled(), ForkHeldLock(),
    ]
}
