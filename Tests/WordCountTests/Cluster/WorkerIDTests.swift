import Testing

@testable import WordCount

@Suite struct WorkerIDTests {
    @Test func `a worker is found again by its actor's name`() {
        #expect(WorkerID.tokenizer(0).name == "tokenizer-1")
        #expect(WorkerID(name: "reducer-12") == .reducer(11))
        for name in ["", "zygote", "tokenizer", "tokenizer-x", "tokenizer-1-2"] {
            #expect(WorkerID(name: name) == nil)
        }
    }
}
