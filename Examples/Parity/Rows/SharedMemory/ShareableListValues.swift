import Roost

/// Bytes come back as they were.
struct ShareableListValues: ParityRow {
    let name = "shareable-list"
    let system = "shared_memory"
    let what = "values that end with a zero byte"
    let counted = "values intact"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let values: [[UInt8]] = [Array("abc".utf8), [120, 0], [0, 0], Array("line\0".utf8)]
        let reader = try await system.spawn(Reader.self)
        var intact = 0
        for value in values {
            let sent = try Blob(copying: value)
            if try await reader.sendBack(sent) == sent { intact += 1 }
        }
        return Results(intact, of: values.count)
    }
}
