import Distributed
import Glibc
import RoostTesting
import Testing

@Suite struct MailboxTests {
    private func code(_ body: () async throws -> Void) async -> RemoteCallError.Code? {
        let error: RemoteCallError? = await caught(body)
        return error?.code
    }

    private func everything<Element>(in mailbox: Mailbox<Element>) async throws -> [Element] {
        var elements: [Element] = []
        for try await element in mailbox { elements.append(element) }
        return elements
    }

    @Test(arguments: [1, 3, 1_024])
    func `elements come in the order sent and end after the seal`(capacity: Int) async throws {
        try await withTestSystem { test in
            let mailbox = try await test.system.makeMailbox(of: Item.self, capacity: capacity)
            let feeder = try await test.spawn(Feeder.self)
            async let feeding: Void = feeder.feed(2_000, as: 1, to: mailbox.address)
            for number in 0..<2_000 {
                let item = try await mailbox.next()
                #expect(item == Item(feeder: 1, number: number))
            }
            try await feeding
            mailbox.seal()
            let last = try await mailbox.next()
            #expect(last == nil)
        }
    }

    @Test func `a hundred thousand elements of eight senders come in each one's order`() async throws {
        try await withTestSystem { test in
            let mailbox = try await test.system.makeMailbox(of: Item.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    let feeder = try await test.spawn(Feeder.self)
                    group.addTask { try await feeder.feed(12_500, as: number, to: mailbox.address) }
                }
                var next = [Int](repeating: 0, count: 8)
                for _ in 0..<100_000 {
                    guard let item = try await mailbox.next() else { break }
                    if item.number != next[item.feeder] { Issue.record("\(item) is out of order") }
                    next[item.feeder] += 1
                }
                #expect(next == [Int](repeating: 12_500, count: 8))
                try await group.waitForAll()
            }
            mailbox.seal()
            #expect(try await everything(in: mailbox).isEmpty)
        }
    }

    @Test func `a mailbox in a worker takes from another worker, and from the node`() async throws {
        try await withTestSystem { test in
            let keeper = try await test.spawn(Keeper.self)
            let feeder = try await test.spawn(Feeder.self)
            let address = try await keeper.make(capacity: 100)
            async let taken = keeper.take(10_000)
            try await feeder.feed(10_000, as: 1, to: address)
            let numbers = try await taken
            #expect(numbers == Array(0..<10_000))
            let sender = try await address.open()
            for number in 0..<50 { try await sender.send(Item(feeder: 0, number: number)) }
            try await sender.finish()
            #expect(try await keeper.take(50) == Array(0..<50))
        }
    }

    @Test func `a mailbox in the same process works the same way`() async throws {
        try await withTestSystem { test in
            let mailbox = try await test.system.makeMailbox(of: Item.self, capacity: 16)
            let address = mailbox.address
            let sending = Task {
                let sender = try await address.open()
                for number in 0..<1_000 { try await sender.send(Item(feeder: 0, number: number)) }
                try await sender.put(Item(feeder: 0, number: 1_000))
                try await sender.finish()
            }
            for number in 0...1_000 { #expect(try await mailbox.next()?.number == number) }
            try await sending.value
            mailbox.seal()
            #expect(try await everything(in: mailbox).isEmpty)
        }
    }

    @Test func `an address is sent through two actors`() async throws {
        try await withTestSystem { test in
            let mailbox = try await test.system.makeMailbox(of: Item.self)
            let (first, second) = (try await test.spawn(Feeder.self), try await test.spawn(Feeder.self))
            try await first.pass(100, to: mailbox.address, by: second)
            mailbox.seal()
            #expect(try await everything(in: mailbox).map(\.number) == Array(0..<100))
        }
    }

    @Test func `a sealed mailbox takes no new senders and ends after the last of the old ones`() async throws
    {
        try await withTestSystem { test in
            let mailbox = try await test.system.makeMailbox(of: Item.self)
            let feeder = try await test.spawn(Feeder.self)
            try await feeder.put(3, to: mailbox.address)
            let sender = try await mailbox.address.open()
            mailbox.seal()
            #expect(await code { _ = try await mailbox.address.open() } == .sealed)
            #expect(await code { try await feeder.feed(1, as: 1, to: mailbox.address) } == nil)
            try await sender.put(Item(feeder: 1, number: 9))
            try await sender.finish()
            for number in [0, 1, 2, 9] { #expect(try await mailbox.next()?.number == number) }
            #expect(try await feeder.sendOn(2) == nil)
            for number in [0, 1] { #expect(try await mailbox.next()?.number == number) }
            try await test.system.stop(feeder)
            let last = try await mailbox.next()
            #expect(last == nil)
        }
    }

    @Test func `a killed sender is reported and the stream goes on`() async throws {
        try await withTestSystem { test in
            let mailbox = try await test.system.makeMailbox(of: Item.self)
            let options = SpawnOptions(restart: .temporary)
            let victim = try await test.spawn(Feeder.self, named: "victim", options: options)
            let other = try await test.spawn(Feeder.self, named: "other")
            try await victim.put(10, to: mailbox.address)
            async let feeding: Void = other.feed(5_000, as: 1, to: mailbox.address)
            try await test.kill(victim)
            var items: [Item] = []
            while items.last?.feeder != 1, let item = try await mailbox.next() { items.append(item) }
            mailbox.seal()
            items += try await everything(in: mailbox)
            try await feeding
            #expect(items.filter { $0.feeder == 0 }.map(\.number) == Array(0..<10))
            #expect(items.filter { $0.feeder == 1 }.map(\.number) == Array(0..<5_000))
            var losses: [SenderLoss] = []
            for await loss in mailbox.senderLosses { losses.append(loss) }
            #expect(losses.count == 1)
            #expect(losses.first?.senderName == "victim")
            #expect(losses.first?.sender == victim.id)
            #expect(losses.first?.received == 10)
            #expect(losses.first?.cause == .ended(.killed(by: .user)))
        }
    }

    @Test func `senders that die while they send lose nobody else's elements`() async throws {
        try await withTestSystem { test in
            let mailbox = try await test.system.makeMailbox(of: Item.self, capacity: 64)
            let signal = Signal(actorSystem: test.system)
            let options = SpawnOptions(restart: .temporary)
            let victim = try await test.spawn(Feeder.self, options: options)
            let other = try await test.spawn(Feeder.self)
            async let ended: RemoteCallErrorRecord = victim.sendForEver(to: mailbox.address, signal)
            async let feeding: Void = other.feed(3_000, as: 1, to: mailbox.address)
            try await signal.waitFor("sending")
            var (seen, own) = (0, 0)
            while seen < 500, let item = try await mailbox.next() {
                if item.feeder == 0 { own += 1 } else { seen += 1 }
            }
            let pid = try #require(try await test.system.processes().first?.processID)
            Processes.signal(pid, SIGKILL)
            mailbox.seal()
            for item in try await everything(in: mailbox) where item.feeder == 0 { own += 1 }
            try await feeding
            _ = try? await ended
            var losses = mailbox.senderLosses.makeAsyncIterator()
            let loss = await losses.next()
            #expect(loss?.received == own)
            #expect(await losses.next() == nil)
        }
    }

    @Test func `a sender without room waits, takes no more than the room, and can be cancelled`() async throws
    {
        try await withTestSystem { test in
            let mailbox = try await test.system.makeMailbox(of: Item.self, capacity: 64)
            let feeder = try await test.spawn(Feeder.self)
            let signal = Signal(actorSystem: test.system)
            let sending = Task {
                try await feeder.sendForEver(to: mailbox.address, signal, at: 64)
            }
            try await signal.waitFor("sending")
            sending.cancel()
            await #expect(throws: CancellationError.self) { try await sending.value }
            #expect(try await feeder.acceptedCount() == 64)
            mailbox.seal()
            // What was cancelled was not sent; the sender itself goes on.
            for number in 0..<64 { #expect(try await mailbox.next()?.number == number) }
            #expect(try await feeder.sendOn(10) == nil)
            for number in 0..<10 { #expect(try await mailbox.next()?.number == number) }
        }
    }

    @Test func `a hundred elements of a megabyte take no more room than the mailbox has`() async throws {
        try await withTestSystem { test in
            let keeper = try await test.spawn(Keeper.self)
            let feeder = try await test.spawn(Feeder.self)
            let address = try await keeper.makeLarge(bytes: 4 << 20)
            async let taken = keeper.takeLarge(100)
            let refused = try await feeder.sendBytes([Int](repeating: 1 << 20, count: 100), to: address)
            let growth = try await taken
            #expect(refused == [] && growth < 32 << 10, "\(growth) KiB more")
        }
    }

    @Test func `an element larger than the room is let in alone, and one over the limit not at all`()
        async throws
    {
        var options = SystemOptions()
        options.maximumMessageSize = 200_000
        try await withTestSystem(options: options) { test in
            let mailbox = try await test.system.makeMailbox(of: [UInt8].self, bytes: 1_000)
            let feeder = try await test.spawn(Feeder.self)
            async let codes = feeder.sendBytes([10, 100_000, 20, 300_000, 30, 150_000], to: mailbox.address)
            for size in [10, 100_000, 20, 30, 150_000] { #expect(try await mailbox.next()?.count == size) }
            #expect(try await codes == ["tooLarge"])
        }
    }

    @Test func `senders of a mailbox whose process dies are told why, those that wait too`() async throws {
        try await withTestSystem { test in
            let options = SpawnOptions(restart: .temporary)
            let keeper = try await test.spawn(Keeper.self, named: "keeper", options: options)
            let feeder = try await test.spawn(Feeder.self)
            let signal = Signal(actorSystem: test.system)
            let address = try await keeper.make(capacity: 16)
            let sender = try await address.open()
            try await sender.put(Item(feeder: 1, number: 0))
            async let ended = feeder.sendForEver(to: address, signal)
            try await signal.waitFor("sending")
            try await test.kill(keeper)
            let error = try await ended
            #expect(error.code == "terminated")
            // The reason is waited for, but not for long.
            let reasons = [ExitReason.killed(by: .user), .unknown].map(\.description)
            #expect(reasons.contains(error.reason ?? ""))
            #expect(await code { try await sender.send(Item(feeder: 1, number: 1)) } == .terminated)
            #expect(await code { try await sender.put(Item(feeder: 1, number: 1)) } == .terminated)
            #expect(await code { try await sender.finish() } == .terminated)
            #expect(await code { _ = try await address.open() } == .terminated)
        }
    }

    @Test func `senders of a mailbox that is dropped are told, and what was left is a dead letter`()
        async throws
    {
        try await withTestSystem { test in
            let keeper = try await test.spawn(Keeper.self)
            let feeder = try await test.spawn(Feeder.self)
            let signal = Signal(actorSystem: test.system)
            let address = try await keeper.make(capacity: 16)
            async let ended = feeder.sendForEver(to: address, signal)
            try await signal.waitFor("sending")
            let sender = try await address.open()
            try await sender.put(Item(feeder: 1, number: 0))
            try await keeper.drop()
            #expect(try await ended.code == "terminated")
            #expect(await code { try await sender.put(Item(feeder: 1, number: 1)) } == .terminated)
            #expect(await code { _ = try await address.open() } == .terminated)
            try await test.events.wait(for: "what was left") { event in
                if case .deadLetter(let letter) = event.kind {
                    letter.receiver == "\(address)"
                } else {
                    false
                }
            }
        }
    }

    @Test func `an element that cannot be decoded ends its sender and nothing else`() async throws {
        try await withTestSystem { test in
            let mailbox = try await test.system.makeMailbox(of: Unlucky.self, capacity: 4)
            let bad = try await test.spawn(Feeder.self, named: "bad")
            let good = try await test.spawn(Feeder.self)
            async let badCode = bad.sendUnlucky([1, 2, 13] + Array(20..<100), to: mailbox.address)
            async let goodCode = good.sendUnlucky(Array(200..<300), to: mailbox.address)
            var numbers: [Int] = []
            while numbers.count < 102, let element = try await mailbox.next() {
                numbers.append(element.number)
            }
            #expect(numbers.filter { $0 < 200 } == [1, 2])
            #expect(numbers.filter { $0 >= 200 } == Array(200..<300))
            #expect(try await goodCode == nil)
            mailbox.seal()
            #expect(try await everything(in: mailbox).isEmpty)
            #expect(try await badCode == "undecodable")
            var losses: [SenderLoss] = []
            for await loss in mailbox.senderLosses { losses.append(loss) }
            #expect(losses.map(\.senderName) == ["bad"])
            #expect(losses.first?.received == 2)
            guard case .undecodable? = losses.first?.cause else { return #expect(Bool(false)) }
        }
    }

    @Test func `a sender that is forgotten finishes, and what it sent is delivered`() async throws {
        try await withTestSystem { test in
            let mailbox = try await test.system.makeMailbox(of: Item.self)
            let feeder = try await test.spawn(Feeder.self)
            try await feeder.sendAndForget(5, to: mailbox.address)
            for number in 0..<5 { #expect(try await mailbox.next()?.number == number) }
            mailbox.seal()
            let last = try await mailbox.next()
            #expect(last == nil)
            var losses = mailbox.senderLosses.makeAsyncIterator()
            #expect(await losses.next() == nil)
        }
    }

    @Test func `an accepted element leaves while its sender computes`() async throws {
        try await withTestSystem { test in
            let mailbox = try await test.system.makeMailbox(of: Item.self)
            let feeder = try await test.spawn(Feeder.self)
            let path = "/tmp/roost-sent-\(getpid())"
            unsafe _ = unlink(path)
            defer { unsafe _ = unlink(path) }
            async let computing: Void = feeder.sendAndCompute(to: mailbox.address, until: path)
            #expect(try await mailbox.next()?.number == 7)
            unsafe _ = close(creat(path, 0o600))
            try await computing
        }
    }

    @Test func `senders that have finished leave their room to others, though nothing has been taken out`()
        async throws
    {
        try await withTestSystem { test in
            let mailbox = try await test.system.makeMailbox(of: Item.self, capacity: 64)
            var feeders: [Feeder] = []
            for number in 1...3 {
                feeders.append(try await test.spawn(Feeder.self, named: "feeder-\(number)"))
            }
            // Each needs more than a first grant, and together they have room.
            for (number, feeder) in feeders.enumerated() {
                try await feeder.feed(10, as: number, to: mailbox.address)
            }
            mailbox.seal()
            var count = 0
            for try await _ in mailbox { count += 1 }
            #expect(count == 30)
        }
    }

    @Test(arguments: [SystemOptions.SpawnMethod.zygote, .inProcess])
    func `large elements come in pieces, in order with the small ones`(method: SystemOptions.SpawnMethod)
        async throws
    {
        var options = SystemOptions()
        options.spawnMethod = method
        try await withTestSystem(options: options) { test in
            let mailbox = try await test.system.makeMailbox(
                of: [UInt8].self, capacity: 1_024, bytes: 64 << 20)
            let hauler = try await test.spawn(Hauler.self)
            let sizes = (0..<60).map { [1 << 20, 10, 0, 300_000, 5 << 20, 262_144, 100_000, 1][$0 % 8] }
            async let hauling: Void = hauler.haul(sizes, to: mailbox.address)
            for (number, size) in sizes.enumerated() {
                let element = try #require(try await mailbox.next())
                #expect(
                    element.count == size && element.allSatisfy { $0 == UInt8(truncatingIfNeeded: number) })
                if number % 10 == 0 { #expect(try await test.spawn(Hauler.self).answer()) }
            }
            try await hauling
            mailbox.seal()
            #expect(try await mailbox.next() == nil)
        }
    }

    @Test func `a sender that is killed with a large element half sent is lost without it`() async throws {
        try await withTestSystem { test in
            let mailbox = try await test.system.makeMailbox(of: [UInt8].self)
            let options = SpawnOptions(restart: .temporary)
            let hauler = try await test.spawn(Hauler.self, named: "hauler", options: options)
            let hauling = Task {
                try? await hauler.haul(Array(repeating: 6 << 20, count: 1_000), to: mailbox.address)
            }
            for _ in 0..<5 { #expect(try await mailbox.next()?.count == 6 << 20) }
            try await test.kill(hauler)
            await hauling.value
            mailbox.seal()
            while let element = try await mailbox.next() { #expect(element.count == 6 << 20) }
            var losses = 0
            for await loss in mailbox.senderLosses {
                losses += 1
                #expect(loss.senderName == "hauler" && loss.received >= 5)
            }
            #expect(losses == 1)
        }
    }

    @Test func `whoever waits for an element can be cancelled, and the next one is not lost`() async throws {
        try await withTestSystem { test in
            let mailbox = try await test.system.makeMailbox(of: Item.self)
            let reading = Task { try await mailbox.next() }
            reading.cancel()
            await #expect(throws: CancellationError.self) { try await reading.value }
            let sender = try await mailbox.address.open()
            try await sender.send(Item(feeder: 0, number: 1))
            #expect(try await mailbox.next()?.number == 1)
            try await sender.finish()
            #expect(await code { try await sender.send(Item(feeder: 0, number: 2)) } == .notDelivered)
        }
    }

    @Test func `when the system stops, readers and senders are told`() async throws {
        let system = try await ProcessActorSystem.start()
        let mailbox = try await system.makeMailbox(of: Item.self, capacity: 2)
        let address = mailbox.address
        let sender = try await address.open()
        let reading = Task { try await mailbox.next() }
        await system.stop()
        let error: RemoteCallError? = await caught { _ = try await reading.value }
        #expect(error?.code == .terminated)
        #expect(await code { try await sender.put(Item(feeder: 0, number: 1)) } == .terminated)
        #expect(await code { _ = try await address.open() } == .terminated)
    }
}
