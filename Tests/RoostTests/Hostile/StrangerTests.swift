import Foundation
import RoostTesting
import TestPrograms
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
        return Set(
            links.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count).dropLast()) })
    }

    /// Inode, flags and name of the machine's Unix domain sockets.
    private func unixSockets() throws -> [(inode: String, flags: String, name: String?)] {
        let text = try #require(Self.text(of: "/proc/net/unix"))
        return text.split(separator: "\n").dropFirst().map {
            let fields = $0.split(separator: " ", maxSplits: 7, omittingEmptySubsequences: true).map(
                String.init)
            return (fields[6], fields[3], fields.count > 7 ? fields[7] : nil)
        }
    }

    /// Read to its end, which Foundation does not do: such a file has no size, and comes in pieces.
    private static func text(of path: String) -> String? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe _ = fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, file)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer.prefix(count)
        }
    }

    @Test func `Remote manager: no process of a system listens, and no socket has a name`() async throws {
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

    /// The end of a shell's command as the user nobody.
    private func asNobody(_ command: String) throws -> TestProgram.End {
        let another = ["--reuid", "65534", "--regid", "65534", "--clear-groups"]
        let program = try TestProgram(
            "/usr/bin/setpriv", another + ["sh", "-c", command], output: .null, errors: .null)
        return program.wait()
    }

    @Test(
        .enabled(if: canBecomeAnother, "only root can become another user, with setpriv"),
        arguments: ["descriptors", "memory", "signals"])
    func `Remote manager: another user can neither look into a worker nor signal it`(way: String) async throws
    {
        try await withWorker { worker, zygote in
            for process in [worker, zygote] {
                let commands =
                    switch way {
                    case "descriptors": ["ls /proc/\(process)/fd", "true >> /proc/\(process)/fd/4"]
                    case "memory": ["environ", "mem", "maps"].map { "head -c 1 /proc/\(process)/\($0)" }
                    default: ["kill -0 \(process)"]
                    }
                for command in commands {
                    let end = try asNobody(command)
                    #expect(end != .exited(0), "\(command)")
                }
            }
            // The same succeeds on a process of one's own.
            let own = try asNobody("ls /proc/self/fd && head -c 1 /proc/self/environ && kill -0 $$")
            #expect(own == .exited(0))
        }
    }
}
