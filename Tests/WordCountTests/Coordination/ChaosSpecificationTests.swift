import Testing

@testable import WordCount

@Suite struct ChaosSpecificationTests {
    @Test func `settings are read in any order`() throws {
        #expect(try ChaosSpecification(parsing: "kill=20,seed=7") == .init(kills: 20, seed: 7))
        #expect(try ChaosSpecification(parsing: "stop=1") == .init(stops: 1))
        #expect(try ChaosSpecification(parsing: "seed=0,zygote=2,kill=3").strikes == 5)
    }

    @Test(arguments: [
        ("", "'' is not of the form name=number"),
        ("kill", "'kill' is not of the form name=number"),
        ("kill=2,", "'' is not of the form name=number"),
        ("kill=two", "'two' is not a number from 0 to 10000"),
        ("kill=-1", "'-1' is not a number from 0 to 10000"),
        ("kill=1=2", "'1=2' is not a number from 0 to 10000"),
        ("kill=1,kill=2", "'kill' is given twice"),
        ("term=1", "there is no 'term'; there are kill, stop, zygote and seed"),
        ("kill=1,seed=x", "'x' is not a seed: a seed is a whole number from 0 to 18446744073709551615"),
        ("seed=7", "it neither kills nor stops anything"),
        ("kill=0", "it neither kills nor stops anything"),
    ])
    func `what cannot be is refused with the reason`(text: String, reason: String) {
        #expect(throws: ArgumentError.badChaos(text, reason)) { try ChaosSpecification(parsing: text) }
    }
}
