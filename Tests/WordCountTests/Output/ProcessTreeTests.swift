import Testing

@testable import WordCount

@Suite struct ProcessTreeTests {
    @Test func `the tree has a branch for each process`() {
        let lines = ProcessTree.lines(program: 1, children: [("zygote", 2), ("reducer-1", 3)])
        #expect(lines == ["word-count 1", "├─ zygote 2", "└─ reducer-1 3"])
        #expect(ProcessList.tree(in: lines.joined(separator: "\n")) == ["zygote": 2, "reducer-1": 3])
    }
}
