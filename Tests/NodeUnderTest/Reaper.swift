import Distributed
import Glibc
import Roost

/// Leaves an orphan behind.
distributed actor Parent: ProcessActor {
    /// Starts a shell that starts a process, says its number, and ends before it.
    distributed func abandon() -> Int32 {
        guard let pipe = unsafe popen("sleep 0.3 >/dev/null 2>&1 & echo $!", "r") else { return -1 }
        var line = [CChar](repeating: 0, count: 32)
        unsafe _ = fgets(&line, 32, pipe)
        unsafe _ = pclose(pipe)
        let digits = line.prefix { $0 != 0 && $0 != 10 }.map(UInt8.init(bitPattern:))
        return Int32(String(decoding: digits, as: UTF8.self)) ?? -1
    }
}

/// A node that inherits orphans, as process 1 does.
enum Reaper {
    static func run() async throws {
        becomeSubreaper()
        let system = try await ProcessActorSystem.start()
        let parent = try await system.spawn(Parent.self)
        // The program's own child is the program's to wait for.
        var own: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe [strdup("sleep"), strdup("0.1"), nil]
        let error = unsafe posix_spawnp(&own, "sleep", nil, nil, &arguments, environ)
        precondition(error == 0, "no process: \(error)")
        let orphan = try await parent.abandon()
        print("ready", orphan)
        fflush(nil)
        var status: Int32 = 0
        let waited = unsafe waitpid(own, &status, 0)
        print(waited == own ? "waited" : "lost")
        fflush(nil)
        while readLine() != nil {}
        await system.stop()
    }

    private static func becomeSubreaper() {
        typealias ProcessControl = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
        let setChildSubreaper: Int32 = 36
        guard let symbol = unsafe dlsym(nil, "prctl") else { preconditionFailure("no prctl") }
        let control = unsafe unsafeBitCast(symbol, to: ProcessControl.self)
        precondition(control(setChildSubreaper, 1, 0, 0, 0) == 0, "no subreaper")
    }
}
