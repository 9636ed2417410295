import Distributed
import Glibc
import Roost

/// Sends to mailboxes.
distributed actor Producer: ProcessActor {
    /// Sends so many small elements.
    distributed func produce(_ count: Int, into address: MailboxAddress<[UInt8]>) async throws {
        try await send(count, of: 8, into: address)
    }

    /// Sends so many elements of a size, and ends.
    distributed func produceAndEnd(
        _ count: Int, of size: Int, into address: MailboxAddress<[UInt8]>
    ) async throws {
        try await send(count, of: size, into: address)
        context.stop()
    }

    /// Puts elements, each of which has arrived when the next one is put, and is killed after the last.
    distributed func putThenDie(_ count: Int, into address: MailboxAddress<[UInt8]>) async throws {
        let sender = try await address.open()
        for _ in 0..<count { try await sender.put([1]) }
        kill(getpid(), SIGKILL)
    }

    /// Sends an empty element, and then one of `size`.
    distributed func sendLarge(of size: Int, into address: MailboxAddress<[UInt8]>) async throws {
        let sender = try await address.open()
        try await sender.put([])
        try await sender.put([UInt8](repeating: 1, count: size))
    }

    /// Sends items of which one cannot be encoded; returns how many were refused.
    distributed func produceItems(_ numbers: [Int], into address: MailboxAddress<Item>) async throws -> Int {
        let sender = try await address.open()
        var refused = 0
        for number in numbers {
            do {
                try await sender.send(Item(number: number))
            } catch let error as RemoteCallError where error.code == .unencodable {
                refused += 1
            }
        }
        try await sender.finish()
        return refused
    }

    distributed func processID() -> Int32 { getpid() }

    private func send(_ count: Int, of size: Int, into address: MailboxAddress<[UInt8]>) async throws {
        let sender = try await address.open()
        for _ in 0..<count { try await sender.send([UInt8](repeating: 1, count: size)) }
        try await sender.finish()
    }
}

/// Something of which number 5 cannot be encoded.
struct Item: Codable, Sendable {
    var number: Int

    init(number: Int) {
        self.number = number
    }

    init(from decoder: any Decoder) throws {
        number = try decoder.singleValueContainer().decode(Int.self)
    }

    func encode(to encoder: any Encoder) throws {
        if number == 5 {
            throw EncodingError.invalidValue(
                number, .init(codingPath: encoder.codingPath, debugDescription: "5 cannot be encoded"))
        }
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }
}
