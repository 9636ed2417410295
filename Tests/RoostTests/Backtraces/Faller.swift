import Distributed
import Glibc
import RoostTesting

/// Crashes in functions that a backtrace is to name.
distributed actor Faller: ProcessActor {
    enum Way: String, Codable, Sendable, CaseIterable {
        case trap, badAddress, abort, memory, recursion

        /// The name of the function that crashes, as a backtrace has it, and its lines.
        var function: (name: String, lines: ClosedRange<Int>) {
            switch self {
            case .trap: ("fallIntoTrap(_:)", Faller.trapLines)
            case .badAddress: ("fallOverAddress(_:)", Faller.addressLines)
            case .abort: ("fallSilent(_:)", Faller.abortLines)
            case .memory: ("fallThroughLibrary(_:)", Faller.memoryLines)
            case .recursion: ("fallForEver(_:)", Faller.recursionLines)
            }
        }
    }

    distributed func nothing() {}

    distributed func fall(_ way: Way) -> Int {
        switch way {
        case .trap: fallIntoTrap(1)
        case .badAddress: fallOverAddress(8)
        case .abort: fallSilent(1)
        case .memory: fallThroughLibrary(8)
        case .recursion: fallForEver(1)
        }
    }

    /// What the program that it starts would find.
    distributed func backtraceVariable() -> String? {
        unsafe getenv("SWIFT_BACKTRACE").map { unsafe String(cString: $0) }
    }

    /// The names of the environment that are Roost's own.
    distributed func ownVariables() -> Int {
        let names = [
            "ROOST_ROLE", "ROOST_NODE_PID", "ROOST_BACKTRACES", "ROOST_INHERITED_SWIFT_BACKTRACE",
            "LD_BIND_NOW",
        ]
        return names.count { (name: String) in unsafe getenv(name) != nil }
    }

    static let trapLines = #line...(#line + 5)
    @inline(never)
    private nonisolated func fallIntoTrap(_ number: Int) -> Int {
        if number > 0 { fatalError("as asked") }
        return number
    }

    static let addressLines = #line...(#line + 5)
    @inline(never)
    private nonisolated func fallOverAddress(_ address: Int) -> Int {
        unsafe UnsafeMutablePointer<Int>(bitPattern: address)?.pointee = 1
        return address
    }

    static let abortLines = #line...(#line + 5)
    @inline(never)
    private nonisolated func fallSilent(_ number: Int) -> Int {
        if number > 0 { Glibc.abort() }
        return number
    }

    static let memoryLines = #line...(#line + 6)
    @inline(never)
    private nonisolated func fallThroughLibrary(_ address: Int) -> Int {
        guard let text = unsafe UnsafePointer<CChar>(bitPattern: address) else { return 0 }
        let length = unsafe strlen(text)
        return address &+ Int(length)
    }

    static let recursionLines = #line...(#line + 6)
    @inline(never)
    private nonisolated func fallForEver(_ depth: Int) -> Int {
        if depth == .max { return 0 }
        let room = [depth, fallForEver(depth + 1)]
        return room.reduce(0, +)
    }
}
