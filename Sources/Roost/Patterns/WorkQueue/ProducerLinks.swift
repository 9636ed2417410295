internal import Distributed
internal import Synchronization

/// The sessions of this process as a producer, by queue.
///
/// Each lasts as long as its queue's incarnation.
enum ProducerLinks {
    private static let links = Mutex<[ActorID: any AnyObject & Sendable]>([:])

    /// The session with a queue; it is opened if there is none.
    nonisolated(nonsending) static func link<Job>(to queue: WorkQueue<Job>) async throws -> ProducerLink<Job>
    {
        let id = queue.id
        if let link = known(id, Job.self) { return link }
        let opened = try await ProducerLink.open(with: queue) { ended in
            links.withLock { links in
                if links[id] === ended { links[id] = nil }
            }
        }
        return links.withLock { links in
            // Another task may have been faster.
            if let other = links[id] as? ProducerLink<Job>, !other.hasEnded { return other }
            if !opened.hasEnded { links[id] = opened }
            return opened
        }
    }

    private static func known<Job>(_ id: ActorID, _ type: Job.Type) -> ProducerLink<Job>? {
        let link = links.withLock { $0[id] } as? ProducerLink<Job>
        return link.flatMap { $0.hasEnded ? nil : $0 }
    }
}
