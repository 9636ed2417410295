import Distributed
import Glibc
import Roost

/// Answers with what it is given.
distributed actor Echo: ProcessActor {
    distributed func echo(_ bytes: [UInt8]) -> [UInt8] { bytes }

    distributed func processID() -> Int32 { getpid() }
}
