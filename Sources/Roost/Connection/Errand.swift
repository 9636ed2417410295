internal import Synchronization

/// Something to be done with a lock held, which is left to whoever has the lock at that moment.
///
/// The loop comes by every turn to have written what has gathered. While another thread is sending it would wait for
/// nothing: that thread does it as soon as it is done.
struct Errand: ~Copyable {
    private let isLeft = Atomic(false)

    /// Has it done: at once if the lock is free, and otherwise by its holder.
    func run<State>(_ lock: borrowing Mutex<State>, _ body: (inout State) -> Void) {
        isLeft.store(true, ordering: .sequentiallyConsistent)
        runIfLeft(lock, body)
    }

    /// Does it, if somebody has left it; whoever gives the lock back calls this.
    ///
    /// Who leaves it looks at the lock after that, and who had the lock looks here after that: one sees the other.
    @inline(__always)
    func runIfLeft<State>(_ lock: borrowing Mutex<State>, _ body: (inout State) -> Void) {
        while isLeft.load(ordering: .sequentiallyConsistent) {
            let done: Void? = lock.withLockIfAvailable { state in
                isLeft.store(false, ordering: .relaxed)
                body(&state)
            }
            if done == nil { return }
        }
    }
}
