/// All rows, in the order in which they are run and shown.
enum Catalogue {
    static let all: [any ParityRow] = [
        QueueConsumerKilled(), QueueProducerKilled(), QueuePutsThenKilled(), QueueUnencodable(),
        QueueJoinBeforeGet(), QueueNoReader(), QueueReferenceSent(),
        JoinableQueueConsumerKilled(), PrimeCheckerConsumerKilled(), PrimeCheckerWhileNotEmpty(),
        PipeTwoWriters(), PipeDeadPeer(),
        ValueIncrement(), ValueHolderKilled(), ArrayValues(),
        SharedMemoryDestroyed(), SharedMemoryLeaked(), ShareableListValues(),
        ManagerServerKilled(), ManagerIncrement(), ManagerNested(), RemoteManagerCode(),
        LockHolderKilled(), SemaphoreHolderKilled(), EventWaiterKilled(), BarrierPartyKilled(),
        PoolWorkerKilled(), PoolIdleWorkerKilled(), PoolStrangeException(), PoolFailingInitializer(),
        PoolImapInput(),
        ExecutorOneKill(), ExecutorCancelRunning(), ExecutorShutdown(),
        ProcessParentKilled(), ForkHeldLock(), SpawnNoGuard(),
    ]
}
