import Testing

@testable import Roost

@Suite struct OpenQuestionsTests {
    @Test func `so many questions may be open, and one more is too many`() {
        var questions = OpenQuestions()
        for _ in 0..<OpenQuestions.maximum { #expect(questions.asked() == true) }
        #expect(questions.asked() == false)
        questions.answered()
        questions.answered()
        #expect(questions.asked() == true)
    }

    @Test func `the names that are followed have a length in all`() {
        var questions = OpenQuestions()
        #expect(questions.asked(bytes: OpenQuestions.maximumBytes) == true)
        #expect(questions.asked(bytes: 1) == false)
        questions.answered(bytes: OpenQuestions.maximumBytes)
        #expect(questions.asked() == true)
        #expect(questions.count == 2 && questions.bytes == 1)
    }
}
