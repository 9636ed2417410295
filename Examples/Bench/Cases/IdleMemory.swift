import Glibc
import Roost

/// What an idle worker takes, as its proportional set size: its own pages, and its share of those it has
/// in common with others.
///
/// 100 workers answer one call each and are left alone for half a second; then `Pss` is read from
/// `/proc/PID/smaps_rollup` of each, and of the node and the zygote. A page that all of them map counts a
/// hundredth part in each, so a single worker alone would show more. The node is this program: what the
/// cases before this one left in its heap counts, so measure it with `--case idle-memory` alone.
/// `--quick` does not make it fewer.
struct IdleMemory: Benchmark {
    let name = "idle-memory"
    let summary = "proportional memory of each of 100 idle workers, of the node and of the zygote"

    func round(_ scale: Scale) async throws -> [Measurement] {
        try await ProcessActorSystem.run { system in
            let workers = try await spawnAnswering(100, in: system).map(\.process)
            try CheckFailed.unless(Set(workers).count == 100, "the workers are not 100 different processes")
            try await Task.sleep(for: .milliseconds(500))
            let sizes = try workers.map(ProportionalMemory.kibibytes(of:))
            var rows = [
                row("worker, mean", Double(sizes.reduce(0, +)) / Double(sizes.count), .atMost(400)),
                row("node", Double(try ProportionalMemory.kibibytes(of: getpid()))),
            ]
            if let zygote = try await system.zygoteProcessID() {
                rows.append(row("zygote", Double(try ProportionalMemory.kibibytes(of: zygote))))
            }
            return rows
        }
    }

    private func row(_ metric: String, _ kibibytes: Double, _ mark: Mark? = nil) -> Measurement {
        Measurement(benchmark: name, metric: metric, value: kibibytes, unit: "KiB", mark: mark)
    }
}

/// The proportional set size of a process, as the kernel adds it up.
private enum ProportionalMemory {
    static func kibibytes(of process: Int32) throws -> Int {
        let text = try contents(of: "/proc/\(process)/smaps_rollup")
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 3, words[0] == "Pss:", words[2] == "kB", let size = Int(words[1]) {
                return size
            }
        }
        throw CheckFailed(description: "smaps_rollup of process \(process) does not tell Pss")
    }

    private static func contents(of path: String) throws -> String {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        try CheckFailed.unless(file >= 0, "cannot open \(path): error \(errno)")
        defer { close(file) }
        var contents: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
            try CheckFailed.unless(count >= 0, "cannot read \(path): error \(errno)")
            if count == 0 { return String(decoding: contents, as: UTF8.self) }
            contents += chunk.prefix(count)
        }
    }
}
