// What must not compile: each line that is marked, and no other. `.ci/snippets` sees to it.

import Distributed
import Roost

struct Theme: AgentUpdate {
    func apply(to theme: inout String) { theme = "light" }
}

struct Handle: Sendable {}

distributed actor Squarer: PoolWorker {
    distributed func perform(_ number: Int) -> Int { number * number }
}

distributed actor Desk: ProcessActor {
    distributed func take(_ handle: Handle) {}  // rejected
    func local() {}
}

func wrongTypes(
    system: ProcessActorSystem, number: Agent<Int>, scores: Agent<[String: Int]>, list: Agent<[Int]>,
    queue: WorkQueue<Int>, sender: MailboxSender<Int>, address: MailboxAddress<Int>,
    pool: ActorPool<Squarer>, channel: Channel<Int, String>, desk: Desk
) async throws {
    try await number.set("eleven")  // rejected
    try await number.update(Theme())  // rejected
    try await number.append(1)  // rejected
    try await scores.set("many", for: "key")  // rejected
    try await scores.set(1, for: 2)  // rejected
    try await scores.increment()  // rejected
    try await list.append("one")  // rejected
    try await queue.put("job")  // rejected
    try await sender.send("line")  // rejected
    let _: MailboxAddress<String> = address  // rejected
    _ = try await pool.perform("four")  // rejected
    let _: String = try await pool.perform(4)  // rejected
    try await channel.send("line")  // rejected
    try await desk.local()  // rejected
    _ = try await system.makeAgent(Handle())  // rejected
    _ = try await system.makeMailbox(of: Handle.self)  // rejected
    _ = try await system.makeWorkQueue(of: Handle.self)  // rejected
}

func rightTypes(
    number: Agent<Int>, scores: Agent<[String: Int]>, list: Agent<[Int]>, queue: WorkQueue<Int>,
    sender: MailboxSender<Int>, pool: ActorPool<Squarer>
) async throws {
    try await number.set(11)
    try await scores.set(1, for: "key")
    try await list.append(1)
    try await queue.put(1)
    try await sender.send(1)
    let _: Int = try await pool.perform(4)
}
