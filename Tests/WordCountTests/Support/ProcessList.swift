import Foundation

/// What the kernel says of processes.
enum ProcessList {
    /// The process ids in the tree that the program prints, by name.
    static func tree(in errors: String) -> [String: Int32] {
        var tree: [String: Int32] = [:]
        for line in errors.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ")
            guard words.count == 3, ["├─", "└─"].contains(words[0]) else { continue }
            tree[String(words[1])] = Int32(words[2])
        }
        return tree
    }

    /// The living processes whose parent this is.
    static func children(of parent: Int32) -> [Int32] {
        all.filter { stat($0)?.parent == parent }
    }

    /// Whether a process does anything still; one that is dead and waits to be reaped does not.
    static func isAlive(_ process: Int32) -> Bool {
        guard let stat = stat(process) else { return false }
        return !["Z", "X"].contains(stat.state)
    }

    /// What a process does just now, for a message.
    static func describe(_ process: Int32) -> String {
        let files = ["stat", "wchan", "syscall"].map { "/proc/\(process)/\($0)" }
        let texts = files.compactMap { FileManager.default.contents(atPath: $0) }
        return texts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " | ")
    }

    /// Where the open descriptors of all processes lead, as far as that may be known.
    static var openFiles: [String] {
        all.flatMap { process in
            let directory = "/proc/\(process)/fd"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
            return names.compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/\($0)")
            }
        }
    }

    private static var all: [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
    }

    private static func stat(_ process: Int32) -> (state: String, parent: Int32)? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        // The name, in brackets, may hold anything.
        guard let bracket = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: bracket)...].split(separator: " ")
        guard fields.count > 1, let parent = Int32(fields[1]) else { return nil }
        return (String(fields[0]), parent)
    }
}
