import Distributed
import Roost

/// The other end's process is killed: who receives is told, with its name and the signal.
struct PipeDeadPeer: ParityRow {
    let name = "pipe-dead-peer"
    let system = "Pipe"
    let what = "the peer is killed, then recv()"
    let counted = "told"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let (mine, theirs) = system.makeChannel(sending: String.self, receiving: String.self)
        let peer = try await system.spawn(Peer.self, named: "peer")
        let serving = Task { try await peer.serve(theirs) }
        guard try await mine.receive() == "ready" else { return Results(0, of: 1) }
        try await system.kill(peer)
        _ = await serving.result
        do {
            _ = try await mine.receive()
            return Results(0, of: 1, "receive() says that the peer has finished")
        } catch let error as RemoteCallError {
            return Results(1, of: 1, "receive() throws: \(error)")
        }
    }
}

/// Answers until nobody asks any more.
distributed actor Peer: ProcessActor {
    distributed func serve(_ channel: Channel<String, String>) async throws {
        try await channel.send("ready")
        for try await question in channel { try await channel.send("an answer to \(question)") }
    }
}
