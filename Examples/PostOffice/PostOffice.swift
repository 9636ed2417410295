import Distributed
import Glibc
import Roost

// What becomes of messages when their receiver dies, has no room, or waits for their sender. Everything here is
// printed by the node, so that the order is always the same.

/// Sorts letters, and dies of some. What it had not finished is given to its successor.
distributed actor Sorter: ProcessActor {
    static var delivery: DeliveryPolicy { .atLeastOnce(attempts: 3) }

    distributed func sort(_ letter: Int) -> String {
        if letter == 3 && !context.isRedelivered { kill(getpid(), SIGKILL) }
        return context.isRedelivered ? "letter \(letter), for the second time" : "letter \(letter)"
    }

    distributed func sortBomb() {
        kill(getpid(), SIGKILL)
    }
}

/// Shows the weather of this moment: what has no room in its mailbox is not worth waiting for.
distributed actor Display: ProcessActor {
    static var overflow: OverflowPolicy { .dropNewest }

    private var shown = 0

    distributed func show(_ degrees: Int) { shown += 1 }
    distributed func count() -> Int { shown }
    distributed func freeze(_ door: Door) async throws { try await door.waitUntilOpen() }
}

/// Calls its neighbour, who may be calling it at this very moment.
distributed actor Clerk: ProcessActor {
    private var stamps: [String] = []

    distributed func stamp(_ what: String) { stamps.append(what) }
    distributed func allStamps() -> [String] { stamps }
    distributed func join() async throws {
        try await actorSystem.group(of: Clerk.self, named: "clerks").join(self)
    }
    distributed func answer() -> Bool { true }
    distributed func ask(_ neighbour: Clerk, _ door: Door) async throws -> String {
        try await door.waitFor(2)
        do {
            return try await neighbour.answer() ? "had an answer" : "had none"
        } catch let error as RemoteCallError where error.code == .deadlock {
            return "was told: \(error.path.count) clerks wait for each other"
        }
    }
    distributed func weigh(_ parcel: Blob) -> Int { parcel.bytes.byteCount }

    distributed func read(_ page: Int, into lines: MailboxAddress<String>) async throws {
        let sender = try await lines.open()
        for line in 1...3 {
            try await sender.put("page \(page), line \(line)")
            if page == 2 && line == 2 { kill(getpid(), SIGKILL) }
        }
        try await sender.finish()
    }
}

/// Where others wait. It takes the next message while others wait in it, as Swift's own actors do.
distributed actor Door: ProcessActor {
    static var reentrancy: Reentrancy { .reentrant }

    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    distributed func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
    distributed func waitUntilOpen() async {
        if !isOpen { await withCheckedContinuation { waiting.append($0) } }
    }
    distributed func waitFor(_ count: Int) async {
        if waiting.count + 1 >= count { return open() }
        await waitUntilOpen()
    }
}

@main struct PostOffice {
    static func main() async throws {
        var options = SystemOptions()
        options.mailboxMessages = 64
        try await ProcessActorSystem.run(options) { system in
            try await sort(system)
            try await show(system)
            try await ask(system)
            try await tell(system)
            try await read(system)
        }
    }

    private static func sort(_ system: ProcessActorSystem) async throws {
        print("At least once")
        let sorter = try await system.spawn(Sorter.self, named: "sorter")
        for letter in 1...4 { print(" ", try await sorter.sort(letter)) }
        do {
            try await sorter.sortBomb()
        } catch let error as RemoteCallError {
            print("  the bomb was \(error.code): \(error.message)")
        }
        print(" ", try await sorter.sort(5))
    }

    private static func show(_ system: ProcessActorSystem) async throws {
        print("No room")
        let display = try await system.spawn(Display.self, named: "display")
        let door = try await system.spawn(Door.self, named: "door")
        try await display.tell { try await $0.freeze(door) }
        for degrees in 1...1_000 { try await display.tell { try await $0.show(degrees) } }
        try await door.open()
        let shown = try await count(display)
        let dropped = try await system.deadLetters()[.mailboxFull]
        print(
            "  1000 readings: all shown or dropped: \(shown + dropped == 1_000), some dropped: \(dropped > 0)"
        )
    }

    // A call to it does not wait for room either: it fails, and may be tried again.
    private static func count(_ display: Display) async throws -> Int {
        while true {
            do {
                return try await display.count()
            } catch let error as RemoteCallError where error.code == .mailboxFull {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    private static func ask(_ system: ProcessActorSystem) async throws {
        print("Calls that wait for each other")
        let anna = try await system.spawn(Clerk.self, named: "anna")
        let bert = try await system.spawn(Clerk.self, named: "bert")
        let hall = try await system.spawn(Door.self, named: "hall")
        async let first = anna.ask(bert, hall)
        async let second = bert.ask(anna, hall)
        for answer in try await [first, second].sorted() { print("  one", answer) }
    }

    private static func tell(_ system: ProcessActorSystem) async throws {
        print("To all of a group, and one parcel for all")
        for name in ["carla", "dora", "emil"] { try await system.spawn(Clerk.self, named: name).join() }
        let clerks = system.group(of: Clerk.self, named: "clerks")
        let told = try await clerks.tell { try await $0.stamp("par avion") }
        let parcel = try Blob(copying: [UInt8](repeating: 7, count: 1 << 20))
        for clerk in try await clerks.members() {
            print(" ", clerk.id.name, try await clerk.allStamps(), try await clerk.weigh(parcel), "bytes")
        }
        print("  \(told) were told")
    }

    private static func read(_ system: ProcessActorSystem) async throws {
        print("A mailbox, three who send to it, and one of them dies")
        let lines = try await system.makeMailbox(of: String.self, capacity: 64)
        let reading = (1...3).map { page in
            Task {
                let reader = try await system.spawn(Clerk.self, named: "reader-\(page)")
                try? await reader.read(page, into: lines.address)
            }
        }
        for task in reading { try await task.value }
        lines.seal()
        var pages: [String] = []
        for try await line in lines { pages.append(line) }
        for line in pages.sorted() { print(" ", line) }
        for await loss in lines.senderLosses {
            print("  \(loss.senderName) was lost after \(loss.received) lines")
            break
        }
    }
}
