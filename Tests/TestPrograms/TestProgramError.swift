/// A program could not be started or talked to.
package struct TestProgramError: Error, CustomStringConvertible {
    /// The function that failed.
    package let call: String
    /// Its error number.
    package let number: Int32

    init(_ call: String, _ number: Int32) {
        (self.call, self.number) = (call, number)
    }

    package var description: String { "\(call) failed with error number \(number)" }
}
