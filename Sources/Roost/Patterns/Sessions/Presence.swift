internal import Synchronization

/// Whether a client has opened the mailbox that was made for it.
///
/// One that dies before that tells nobody, so it is asked for now and then.
final class Presence: Sendable {
    private static let interval = Duration.seconds(10)
    private let isHere = Atomic<Bool>(false)

    func hello() { isHere.store(true, ordering: .relaxed) }

    /// Cancels a client's service when the client's own mailbox is no more, and it never came.
    func guardService<Reply>(_ service: Task<Void, Never>, _ client: MailboxSender<Reply>) {
        Task.detached { [self] in
            while true {
                try await Task.sleep(for: Self.interval)
                if isHere.load(ordering: .relaxed) { return }
                do { try await client.flush() } catch { return service.cancel() }
            }
        }
    }
}
