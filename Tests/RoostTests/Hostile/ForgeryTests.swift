import Distributed
import Glibc
import RoostTesting
import RoostWire
import Testing
import WireSamples

@testable import Roost

extension BusyTests {
    /// Well-formed frames that no honest process sends, one kind at a time.
    @Suite struct ForgeryTests {
        private struct Cast {
            let attacker: Attacker
            let victim: Bystander
            let near: Neighbour
            let names: [String]
        }

        private func prepared(_ test: TestSystem) async throws -> Cast {
            let victim = try await test.spawn(Bystander.self, named: "victim")
            let near = Neighbour(actorSystem: test.system)
            let decoy = try await test.spawn(Decoy.self, named: "decoy")
            let attacker = try await test.spawn(Attacker.self, named: "attacker")
            try await attacker.prepare(victim, near, decoy)
            return Cast(
                attacker: attacker, victim: victim, near: near, names: try await attacker.targetNames())
        }

        private func name(_ names: [String], of method: String) throws -> String {
            try #require(names.first { $0.contains(method) })
        }

        /// A definition with a number of its own, and one-way messages to it.
        private func tells(
            _ target: String, receiver: UInt32, _ argument: some Encodable, generics: [String] = []
        )
            throws -> [UInt8]
        {
            let sections = MessageSections(generics: generics)
            let definition = ByteWriter()
            FrameHeader(kind: .defineTarget, target: 500).write(to: definition)
            definition.appendString(target)
            let message = ByteWriter()
            FrameHeader(kind: .tell, flags: sections.flags.rawValue, target: 500, receiver: receiver)
                .write(to: message)
            sections.write(to: message)
            try WireCoding.encode(argument, into: message)
            return unsafe Damage.framed(Array(definition.bytes)) + Damage.framed(Array(message.bytes))
        }

        private func deadLetter(_ test: TestSystem, _ text: String) async throws {
            try await test.events.wait(for: "a dead letter: \(text)") {
                guard case .deadLetter(let letter) = $0.kind else { return false }
                return letter.detail.contains(text)
            }
        }

        @Test func `a frame that is written by hand is served like any other`() async throws {
            try await withTestSystem { test in
                let cast = try await prepared(test)
                let target = try name(cast.names, of: "4note")
                try await cast.attacker.write(try tells(target, receiver: 0, 77), to: .worker)
                // On the same socket, and so after it.
                #expect(try await cast.attacker.lastTold(to: cast.victim) == 77)
            }
        }

        @Test func `a method of another type of actor is refused, and not called`() async throws {
            try await withTestSystem { test in
                let cast = try await prepared(test)
                for method in ["3say", "3sum"] {
                    let target = try name(cast.names, of: method)
                    try await cast.attacker.write(try tells(target, receiver: 0, "x"), to: .worker)
                    try await deadLetter(test, "not a method of Bystander")
                    try await cast.attacker.write(
                        try tells(target, receiver: UInt32(cast.near.id.address.key.number), "x"),
                        to: .nodeData)
                    try await test.events.wait(for: "the node's dead letter") {
                        guard case .deadLetter(let letter) = $0.kind else { return false }
                        return letter.receiver == cast.near.id.name
                            && letter.detail.contains("not a method of")
                    }
                }
                #expect(try await cast.victim.answer(1) == ~1)
                #expect(try await cast.attacker.reach(near: cast.near) == ~1)
            }
        }

        @Test(arguments: ["\u{1}abcd", "Say\u{2}zzzzG", "", String(repeating: "Say", count: 20_000)])
        func `names of types that hold addresses or have no end are not looked up`(_ name: String)
            async throws
        {
            try await withTestSystem { test in
                let cast = try await prepared(test)
                let generic = try self.name(cast.names, of: "7generic")
                try await cast.attacker.write(
                    try tells(generic, receiver: 0, "x", generics: [name]), to: .worker)
                try await deadLetter(test, "the type \(name.prefix(100))")
                #expect(try await cast.victim.answer(1) == ~1)
            }
            let failure = RemoteFailure(
                typeName: "Odd", description: "odd", value: .init(mangledType: name, bytes: [0x60]))
            #expect(ErrorCoding.error(from: failure, userInfo: [:]) is RemoteError)
        }

        @Test(arguments: [1, 2] as [UInt64])
        func `a reference to a number that no actor can have leads nowhere`(owner: UInt64) async throws {
            try await withTestSystem { test in
                let victim = try await test.spawn(Bystander.self, named: "victim")
                for number in [.max, 1 << 32, 1 << 63] as [UInt64] {
                    let key = ActorKey(owner: owner, number: number)
                    let address = ActorAddress(system: victim.id.address.system, key: key, name: "nobody")
                    let nobody = try Bystander.resolve(id: ActorID(address), using: test.system)
                    let error: RemoteCallError? = await caught { _ = try await nobody.answer(1) }
                    #expect(error?.code == .terminated)
                    #expect(try await victim.reach(nobody) == nil)
                }
                #expect(try await victim.answer(1) == ~1)
            }
        }

        // A portable worker has a thread that reads, whatever its actor does.
        @Test(.enabled(if: !isPortable))
        func `an attacker that asks and does not read is not read any more either`() async throws {
            try await withTestSystem { test in
                let cast = try await prepared(test)
                let written = try await cast.attacker.askWithoutReading(upTo: 64 << 20)
                #expect(written < 32 << 20)
                #expect(try await test.system.find(Bystander.self, named: "victim") == cast.victim)
                // It reads again, and all is well.
                #expect(try await cast.attacker.reach(cast.victim) == ~1)
            }
        }

        @Test func `a worker that writes without end keeps nobody from being served`() async throws {
            try await withTestSystem { test in
                let cast = try await prepared(test)
                try await cast.attacker.tell { try await $0.writeWithoutEnd() }
                for _ in 1...10 {
                    #expect(try await test.system.find(Bystander.self, named: "victim") == cast.victim)
                }
                try await test.kill(cast.attacker)
            }
        }

        @Test(arguments: Attacker.Excess.allCases)
        func `too much of anything ends the process that wants it`(excess: Attacker.Excess) async throws {
            try await withTestSystem { test in
                let cast = try await prepared(test)
                try await cast.attacker.tell { try await $0.exceed(excess) }
                try await test.events.wait(for: "its end", within: .seconds(60)) {
                    $0.actor == "attacker" && $0.kind == .terminated(.killed(by: .protocolViolation))
                }
                #expect(try await cast.victim.answer(1) == ~1)
            }
        }

        @Test func `credit that is asked for actors that are not there costs nothing`() async throws {
            try await withTestSystem { test in
                let cast = try await prepared(test)
                let before = try await cast.victim.memory()
                try await cast.attacker.askForCredit(of: 500_000)
                #expect(try await cast.attacker.reach(cast.victim) == ~1)
                #expect(try await cast.victim.memory() < before + 16_000)
            }
        }
    }
}

private let isPortable = unsafe getenv("ROOST_PORTABLE") != nil
