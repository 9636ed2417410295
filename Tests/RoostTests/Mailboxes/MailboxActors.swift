import Distributed
import Glibc
import RoostTesting

/// What the tests send: who, and the how manieth.
struct Item: Codable, Sendable, Hashable {
    var feeder: Int
    var number: Int
}

/// An element that cannot be decoded when it is 13.
struct Unlucky: Codable, Sendable {
    var number: Int

    init(_ number: Int) { self.number = number }

    init(from decoder: any Decoder) throws {
        number = try decoder.singleValueContainer().decode(Int.self)
        if number == 13 { throw Broken(why: "thirteen") }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }
}

/// Sends to mailboxes from a process of its own.
distributed actor Feeder: ProcessActor {
    private var sender: MailboxSender<Item>?
    private var accepted = 0

    /// Sends so many items, and finishes.
    distributed func feed(_ count: Int, as feeder: Int, to address: MailboxAddress<Item>) async throws {
        let sender = try await address.open()
        for number in 0..<count { try await sender.send(Item(feeder: feeder, number: number)) }
        try await sender.finish()
    }

    /// Has another feeder send.
    distributed func pass(_ count: Int, to address: MailboxAddress<Item>, by other: Feeder) async throws {
        try await other.feed(count, as: 1, to: address)
    }

    /// Opens, puts so many items, and stays open.
    distributed func put(_ count: Int, to address: MailboxAddress<Item>) async throws {
        let sender = try await address.open()
        self.sender = sender
        for number in 0..<count { try await sender.put(Item(feeder: 0, number: number)) }
    }

    /// Sends without end, until it cannot; says when so many have been accepted.
    distributed func sendForEver(
        to address: MailboxAddress<Item>, _ signal: Signal, at count: Int = 1
    ) async throws -> RemoteCallErrorRecord {
        let sender = try await address.open()
        self.sender = sender
        accepted = 0
        do {
            while true {
                try await sender.send(Item(feeder: 0, number: accepted))
                accepted += 1
                if accepted == count { try await signal.fire("sending") }
            }
        } catch let error as RemoteCallError {
            return RemoteCallErrorRecord(code: error.code.description, reason: error.exitReason?.description)
        }
    }

    /// Sends into the sender that stayed open.
    distributed func sendOn(_ count: Int) async throws -> String? {
        do {
            for number in 0..<count { try await sender?.send(Item(feeder: 0, number: number)) }
            return nil
        } catch let error as RemoteCallError {
            return error.code.description
        }
    }

    distributed func acceptedCount() -> Int { accepted }

    /// Sends one item, and computes without a pause until a file is there.
    distributed func sendAndCompute(to address: MailboxAddress<Item>, until path: String) async throws {
        let sender = try await address.open()
        try await sender.send(Item(feeder: 0, number: 7))
        while unsafe access(path, F_OK) != 0 { sched_yield() }
    }

    /// Sends so many items, and forgets the sender.
    distributed func sendAndForget(_ count: Int, to address: MailboxAddress<Item>) async throws {
        let sender = try await address.open()
        for number in 0..<count { try await sender.send(Item(feeder: 0, number: number)) }
    }

    distributed func sendUnlucky(_ numbers: [Int], to address: MailboxAddress<Unlucky>) async throws
        -> String?
    {
        let sender = try await address.open()
        do {
            for number in numbers { try await sender.send(Unlucky(number)) }
            try await sender.finish()
            return nil
        } catch let error as RemoteCallError {
            return error.code.description
        }
    }

    distributed func sendBytes(_ sizes: [Int], to address: MailboxAddress<[UInt8]>) async throws -> [String] {
        let sender = try await address.open()
        var codes: [String] = []
        for size in sizes {
            do {
                try await sender.send([UInt8](repeating: 1, count: size))
            } catch let error as RemoteCallError {
                codes.append(error.code.description)
            }
        }
        try await sender.finish()
        return codes
    }

    distributed func processID() -> Int32 { getpid() }
}

/// What became of a sender, in a form that can be sent.
struct RemoteCallErrorRecord: Codable, Sendable, Equatable {
    var code: String
    var reason: String?
}

/// Has a mailbox in a process of its own.
distributed actor Keeper: ProcessActor {
    private var mailbox: Mailbox<Item>?
    private var large: Mailbox<[UInt8]>?

    distributed func make(capacity: Int) async throws -> MailboxAddress<Item> {
        let mailbox = try await actorSystem.makeMailbox(of: Item.self, capacity: capacity)
        self.mailbox = mailbox
        return mailbox.address
    }

    distributed func take(_ count: Int) async throws -> [Int] {
        var numbers: [Int] = []
        while numbers.count < count, let item = try await mailbox?.next() { numbers.append(item.number) }
        return numbers
    }

    distributed func drop() { mailbox = nil }

    distributed func makeLarge(bytes: Int) async throws -> MailboxAddress<[UInt8]> {
        let mailbox = try await actorSystem.makeMailbox(of: [UInt8].self, bytes: bytes)
        large = mailbox
        return mailbox.address
    }

    /// Takes so many large elements, and says by how many KiB the process was larger than after the first.
    distributed func takeLarge(_ count: Int) async throws -> Int {
        _ = try await large?.next()
        let before = Processes.residentKibibytes
        var most = before
        for _ in 1..<count {
            _ = try await large?.next()
            most = max(most, Processes.residentKibibytes)
        }
        return most - before
    }
}

/// What is too large to be copied, and something beside it.
struct Parcel: Codable, Sendable {
    var number: Int
    var contents: [Blob]
}

/// Sends parcels.
distributed actor Carrier: ProcessActor {
    /// As many as asked for, every third one empty.
    distributed func carry(_ count: Int, to address: MailboxAddress<Parcel>) async throws {
        let sender = try await address.open()
        for number in 0..<count {
            let contents = try (0..<number % 3).map { try Blob(copying: [UInt8(number % 256), UInt8($0)]) }
            try await sender.send(Parcel(number: number, contents: contents))
        }
        try await sender.finish()
    }

    /// One that is larger than any message.
    distributed func carryHuge(_ size: Int, to address: MailboxAddress<Parcel>) async throws {
        let sender = try await address.open()
        let huge = try Blob(count: size) { bytes in
            bytes.storeBytes(of: 7, toByteOffset: size - 1, as: UInt8.self)
        }
        try await sender.put(Parcel(number: 0, contents: [huge, huge]))
        try await sender.finish()
    }
}

/// Sends what is large, and what is small.
distributed actor Hauler: ProcessActor {
    distributed func haul(_ sizes: [Int], to address: MailboxAddress<[UInt8]>) async throws {
        let sender = try await address.open()
        for (number, size) in sizes.enumerated() {
            try await sender.send([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: size))
        }
        try await sender.finish()
    }
    distributed func answer() -> Bool { true }
}
