/// One worker's place in the cluster, whichever process fills it at the moment.
struct WorkerID: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable {
        case tokenizer, reducer
    }

    var kind: Kind
    /// Counted from 0, as the coordinator does.
    var index: Int

    init(kind: Kind, index: Int) {
        self.kind = kind
        self.index = index
    }

    /// The worker whose actor has this name.
    init?(name: String) {
        let parts = name.split(separator: "-")
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])), let number = Int(parts[1]) else {
            return nil
        }
        self.init(kind: kind, index: number - 1)
    }

    static func tokenizer(_ index: Int) -> WorkerID { WorkerID(kind: .tokenizer, index: index) }
    static func reducer(_ index: Int) -> WorkerID { WorkerID(kind: .reducer, index: index) }

    /// The actor's name in the system: `tokenizer-1` is the first.
    var name: String { "\(kind.rawValue)-\(index + 1)" }
}
