import Foundation
import RoostTesting
import Testing

@testable import Roost

/// Processes that do not belong to the system: there is nothing that they could connect to or read.
@Suite struct StrangerTests {
    private func withWorker(_ body: (_ worker: Int32, _ zygote: Int32) async throws -> Void) async throws {
        try await withTestSystem { test in
            let worker = try await test.spawn(Bystander.self)
            // A data socket too.
            let other = try await test.spawn(Bystander.self)
            #expect(try await other.ask(worker, 1) == ~1)
            let zygote = try #require(try await test.system.zygoteProcessID())
            try await body(try await worker.processID(), zygote)
        }
    }

    /// The inodes of the sockets that a process has open.
    private func sockets(of process: Int32) throws -> Set<String> {
        let directory = "/proc/\(process)/fd"
        let links = try FileManager.default.contentsOfDirectory(atPath: directory).compactMap {
            // One of this process's own may be gone by now.
            try? FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/\($0)")
        }
        let prefix = "socket:["
        return Set(links.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count).dropLast()) })
    }

    /// Inode, flags and name of the machine's Unix domain sockets.
    private func unixSockets() throws -> [(inode: String, flags: String, name: String?)] {
        try String(contentsOfFile: "/proc/net/unix", encoding: .utf8).split(separator: "\n").dropFirst().map {
            let fields = $0.split(separator: " ", maxSplits: 7, omittingEmptySubsequences: true).map(String.init)
            return (fields[6], fields[3], fields.count > 7 ? fields[7] : nil)
        }
    }

    @Test func `no process of a system listens, and no socket has a name`() async throws {
        try await withWorker { worker, zygote in
            let all = try unixSockets()
            for process in [worker, zygote, ProcessInfo.processInfo.processIdentifier] {
                let own = try sockets(of: process)
                #expect(!own.isEmpty)
                let found = all.filter { own.contains($0.inode) }
                #expect(found.allSatisfy { $0.name == nil }, "\(found)")
                // __SO_ACCEPTCON
                #expect(found.allSatisfy { $0.flags != "00010000" }, "\(found)")
                // Each of them is a Unix domain socket; so nothing listens on a network.
                if process == worker { #expect(found.count == own.count) }
            }
        }
    }

    @Test func `a worker's socket cannot be opened by its number, even by the same user`() async throws {
        try await withWorker { worker, _ in
            let descriptor = unsafe open("/proc/\(worker)/fd/3", O_RDWR)
            #expect(descriptor == -1 && errno == ENXIO)
        }
    }

    private static var canBecomeAnother: Bool {
        geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")
    }

    /// The exit code of a shell's command as the user nobody.
    private func asNobody(_ command: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
        process.arguments = ["--reuid", "65534", "--regid", "65534", "--clear-groups", "sh", "-c", command]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    @Test(
        .enabled(if: canBecomeAnother, "only root can become another user, with setpriv"),
        arguments: ["ls -L", "cat", "kill -0"])
    func `another user can neither look into a worker nor signal it`(way: String) async throws {
        try await withWorker { worker, zygote in
            for process in [worker, zygote] {
                switch way {
                case "ls -L":
                    #expect(try asNobody("ls /proc/\(process)/fd") != 0)
                    #expect(try asNobody("true >> /proc/\(process)/fd/4") != 0)
                case "cat":
                    #expect(try asNobody("cat /proc/\(process)/environ") != 0)
                    #expect(try asNobody("head -c 1 /proc/\(process)/mem") != 0)
                    #expect(try asNobody("cat /proc/\(process)/maps") != 0)
                default: #expect(try asNobody("kill -0 \(process)") != 0)
                }
                // The same command does succeed on a process of one's own.
                #expect(try asNobody("ls /proc/self/fd && kill -0 $$ && cat /proc/self/environ") == 0)
            }
        }
    }
}
