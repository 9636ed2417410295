import Distributed
import Glibc
import RoostTesting

/// Prints what it is told to.
distributed actor Printer: ProcessActor {
    distributed func say(_ text: String) { print(text) }
    distributed func sayManyTimes(_ text: String, _ count: Int) {
        for number in 1...count { print(text, number) }
    }
    distributed func complain(_ text: String) { writeError(text) }
    distributed func sayAndDie(_ text: String) {
        print(text)
        kill(getpid(), SIGKILL)
    }
    distributed func complainAndAbort(_ text: String) {
        writeError(text)
        abort()
    }
    distributed func sayAndLeave(_ text: String) {
        print(text, terminator: "")
        exit(0)
    }
    /// What standard output and error are.
    distributed func streams() -> [String] { [nameOfDescriptor(1), nameOfDescriptor(2)] }
    /// Starts a child that keeps this process's streams until it is killed.
    distributed func startGrandchild() -> Int32 {
        let child = fork()
        if child == 0 {
            // Its end even when nobody kills it.
            alarm(60)
            while true { pause() }
        }
        return child
    }
    distributed func nothing() {}

    // Found by name in the C library: Swift keeps it from programs that have threads; this one is alone.
    private nonisolated func fork() -> Int32 {
        guard let symbol = unsafe dlsym(nil, "fork") else { return -1 }
        return unsafe unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)()
    }
}

/// What a descriptor of this process is.
func nameOfDescriptor(_ descriptor: Int32) -> String {
    var link = [CChar](repeating: 0, count: 256)
    let count = unsafe readlink("/proc/self/fd/\(descriptor)", &link, 255)
    return String(decoding: link.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
}

private func writeError(_ text: String) {
    let bytes = Array(text.utf8)
    unsafe _ = write(2, bytes, bytes.count)
}
