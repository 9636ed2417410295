import Distributed
import Roost

/// Two processes send to one receiver: each element arrives whole.
struct PipeTwoWriters: ParityRow {
    let name = "pipe-two-writers"
    let system = "Pipe"
    let what = "two write 20 × 200 kB into one end"
    let counted = "messages intact"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let each = 20
        let size = 200_000
        let mailbox = try await system.makeMailbox(of: [UInt8].self)
        let address = mailbox.address
        let letters: [UInt8] = [97, 98]
        let writing = letters.map { letter in
            Task {
                let writer = try await system.spawn(Writer.self)
                try await writer.write(each, of: letter, size, into: address)
            }
        }
        var intact = 0
        for _ in 0..<2 * each {
            guard let message = try await mailbox.next(), let letter = message.first else { break }
            if letters.contains(letter), message == [UInt8](repeating: letter, count: size) { intact += 1 }
        }
        for task in writing { try await task.value }
        return Results(intact, of: 2 * each)
    }
}

/// Writes messages of one letter.
distributed actor Writer: ProcessActor {
    distributed func write(
        _ count: Int, of letter: UInt8, _ size: Int, into address: MailboxAddress<[UInt8]>
    ) async throws {
        let sender = try await address.open()
        for _ in 0..<count { try await sender.send([UInt8](repeating: letter, count: size)) }
        try await sender.finish()
    }
}
