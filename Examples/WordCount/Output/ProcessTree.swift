/// The tree of processes that a run starts with, as a person sees it.
enum ProcessTree {
    /// One line for the program, and one for each process it has started.
    static func lines(program: Int32, children: [(name: String, processID: Int32)]) -> [String] {
        let branches = children.enumerated().map { index, child in
            "\(index == children.count - 1 ? "└─" : "├─") \(child.name) \(child.processID)"
        }
        return ["word-count \(program)"] + branches
    }
}
