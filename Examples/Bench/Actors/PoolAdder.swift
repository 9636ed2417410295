import Distributed
import Roost

/// Serves tasks that are next to none.
distributed actor PoolAdder: PoolWorker {
    distributed func perform(_ number: Int) -> Int { number &+ 1 }
}
