/// How much of everything there may be in one system, the same in all its processes.
struct Limits: Sendable {
    var maximumMessage: Int
    var mailboxMessages: Int
    var mailboxBytes: Int

    func newCreditReturn() -> CreditReturn {
        CreditReturn(windowMessages: mailboxMessages, windowBytes: mailboxBytes)
    }
}
