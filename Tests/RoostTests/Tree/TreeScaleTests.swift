import RoostTesting
import Testing

@Suite(.underLoad) struct TreeScaleTests {
    // In a process of its own: 2,000 actors take 10,000 descriptors, and what is measured is to be theirs.
    @Test func `each of two thousand actors costs as much as each of two hundred`() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            var warming = TreeScale(of: 50)
            try await warming.run()
            var few = TreeScale(of: 200)
            try await few.run()
            var many = TreeScale(of: 2_000)
            try await many.run()
            print(many.comparison(with: few))
            let ratio = many.total.processor / few.total.processor
            print("ratio: \(ratio)")
            #expect(ratio <= 1.3, "\(many.comparison(with: few))")
        }
        print(String(decoding: result?.standardOutputContent ?? [], as: UTF8.self))
    }
}
