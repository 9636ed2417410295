/// Work in Python for which there is no case of Roost.
struct PythonAlone: Benchmark {
    let name: String
    let program: String
    let what: String

    var summary: String { what + "; nothing without python3" }

    func round(_ scale: Scale) async throws -> [Measurement] {
        try await PythonBaseline(program: program).rows(of: name, scale)
    }
}
