/// How much of everything there may be in one system, the same in all its processes.
struct Limits: Sendable {
    var maximumMessage: Int
    var mailboxMessages: Int
    var mailboxBytes: Int

    /// The room of a mailbox.
    var mailbox: CreditShare { CreditShare(messages: mailboxMessages, bytes: mailboxBytes) }

    func newCreditReturn() -> CreditReturn { CreditReturn(mailbox.firstGrant) }
}
