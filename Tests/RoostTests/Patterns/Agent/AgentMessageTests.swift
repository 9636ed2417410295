import RoostTesting
import RoostWire
import Testing

@testable import Roost

extension PatternTests {
    @Suite struct AgentMessageTests {
        /// What a sender that is not ours may send.
        private struct Forged: Codable {
            var name: String
            var value: Int

            func encode(to encoder: any Encoder) throws {
                var container = encoder.unkeyedContainer()
                try container.encode(name)
                try container.encode(value)
            }
        }

        private func encoded<T: Encodable>(_ value: T) throws -> [UInt8] {
            try WireCoding.bytes(of: value, userInfo: [:])
        }

        private func update(_ bytes: [UInt8]) throws -> AgentUpdateMessage {
            try WireCoding.value(AgentUpdateMessage.self, of: bytes, userInfo: [:])
        }

        @Test func `an update of any type comes as it was`() throws {
            let sent = AgentUpdateMessage(ListSet<[Int]>(element: 7, index: 2))
            let came = try #require(try update(try encoded(sent)).update as? ListSet<[Int]>)
            #expect(came.element == 7 && came.index == 2)
        }

        @Test(arguments: [
            "", "no such type", "Si", "Sa", "4Cell", "\u{1}abcd", "\u{2}\u{0}\u{0}\u{0}\u{0}", "$s",
            "So8NSObjectC",
            String(repeating: "Say", count: 3_000), "5Roost5AgentCySiG",
        ])
        func `a name that is no update's is refused`(name: String) throws {
            #expect(throws: DecodingError.self) { try update(try encoded(Forged(name: name, value: 1))) }
        }

        @Test func `what agents of collections are sent is found by its name`() {
            let types: [any Any.Type] = [
                AgentWhole<Int>.self, AgentReplacement<Int>.self, AgentBatch<Increment<Int>>.self,
                Increment<Int>.self,
                Subtraction<Int>.self, AgentFieldQuery<Look, String>.self,
                AgentFieldUpdate<Look, AgentReplacement<String>>.self, ElementCount<[Int]>.self,
                ElementSearch<[Int]>.self, ListGet<[Int]>.self, ListGetRange<[Int]>.self,
                ListPage<[Int]>.self,
                ListSet<[Int]>.self, ListReplace<[Int]>.self, ListAppend<[Int]>.self,
                ListAppendAll<[Int]>.self,
                ListRemove<[Int]>.self, ListPopFirst<[Int]>.self, ListPopLast<[Int]>.self,
                ListRemoveAll<[Int]>.self,
                ListResize<[Int]>.self, ListChange<[Int], Increment<Int>>.self, IndexSearch<[Int]>.self,
                DictionaryGet<Int, Int>.self, DictionaryGetSome<Int, Int>.self, DictionaryKeys<Int, Int>.self,
                DictionaryHasKey<Int, Int>.self, DictionarySet<Int, Int>.self,
                DictionaryExchange<Int, Int>.self,
                DictionaryRemove<Int, Int>.self, DictionaryRemoveAll<Int, Int>.self,
                DictionaryMerge<Int, Int>.self,
                DictionaryChange<Int, Int, Increment<Int>>.self, SetInsert<Int>.self, SetRemove<Int>.self,
                SetUnion<Int>.self, SetDifference<Int>.self, SetRemoveAll<Int>.self,
            ]
            for type in types {
                let name = SentTypes.name(of: type)
                #expect(name.flatMap { SentTypes.type(named: $0) } == type, "\(type)")
            }
        }

        @Test func `a query is no update, and an update no query`() throws {
            let query = try encoded(AgentQueryMessage(Look.IsLoud()))
            #expect(throws: DecodingError.self) { try update(query) }
            let sent = try encoded(AgentUpdateMessage(Look.SetTheme("dark")))
            #expect(throws: DecodingError.self) {
                try WireCoding.value(AgentQueryMessage.self, of: sent, userInfo: [:])
            }
        }

        @Test func `an update of a type that nobody else finds is refused before it leaves`() async throws {
            struct Local: AgentUpdate { func apply(to number: inout Int) { number = 1 } }
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(0)
                let error: RemoteCallError? = await caught { try await agent.update(Local()) }
                #expect(error?.code == .unencodable)
                #expect(error?.message.contains("declare it") == true)
                #expect(try await agent.value == 0)
            }
        }

        @Test func `an update of another state is a typed error, and one that cannot be read too`()
            async throws
        {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(5, named: "number")
                let foreign: AgentError? = await caught {
                    _ = try await agent.apply(AgentUpdateMessage(ForString()))
                }
                #expect(foreign?.code == .foreign)
                #expect(foreign?.agent == "number")
                let query: AgentError? = await caught {
                    _ = try await agent.answer(AgentQueryMessage(Look.IsLoud()))
                }
                #expect(query?.code == .foreign)
                let unreadable: RemoteCallError? = await caught { try await agent.update(Unreadable()) }
                #expect(unreadable?.code == .undecodable)
                #expect(unreadable?.actor == "number")
                #expect(try await agent.value == 5)
                #expect(try await agent.status.version.updates == 0)
            }
        }

        @Test func `references and blobs are in states, updates and results`() async throws {
            try await withTestSystem { test in
                let counter = try await test.system.makeAgent(41)
                let first: [UInt8] = [1, 2, 3]
                let second = try Blob(copying: [4, 5])
                let agent = try await test.system.makeAgent(
                    Holdings(blob: Blob(copying: first), counter: counter))
                let before = try await agent.update(Holdings.Exchange(blob: second))
                #expect(try before.blob == Blob(copying: first))
                #expect(try await before.counter.increment() == 42)
                let after = try await agent.value
                #expect(after.blob == second)
                #expect(try await after.counter.increment() == 43)
                #expect(after.counter == counter)
                try await test.kill(agent)
                #expect(try await agent.value.blob == Blob(copying: first))
            }
        }
    }
}
