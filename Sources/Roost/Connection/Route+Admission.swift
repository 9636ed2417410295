extension Route {
    /// How the wait for credit ended.
    enum Admission: Sendable {
        case admitted
        case deadlineExceeded
        case cancelled
        /// There is no room, and the sender does not wait for it.
        case full
    }
}
