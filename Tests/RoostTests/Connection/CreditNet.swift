import Testing

@testable import Roost

/// Senders, wires and a mailbox, as routes, connections and actors connect them.
struct CreditNet {
    private enum Up {
        case message(Int)
        case needCredit
        case confirmed(CreditGate<Int>.Confirmation)
    }

    private enum Down {
        case credit(messages: Int, bytes: Int)
        case limit(CreditShare, isLowered: Bool)
    }

    private struct Sender {
        var gate: CreditGate<Int>
        var credit: CreditReturn
        var up: [Up] = []
        var down: [Down] = []
        var waiting: [Int: Int] = [:]
        var sent = 0
    }

    private let room: CreditShare
    private var senders: [Sender]
    private var pool: CreditPool<Int>
    private var mailbox: [(sender: Int, size: Int)] = []
    private var lastWaiter = 0
    private(set) var served: [Int]

    init(senders count: Int, room: CreditShare) {
        self.room = room
        pool = CreditPool(room: room)
        served = Array(repeating: 0, count: count)
        senders = (0..<count).map { _ in
            var gate = CreditGate<Int>(first: room.firstGrant)
            _ = gate.connected()
            return Sender(gate: gate, credit: CreditReturn(room.firstGrant))
        }
    }

    mutating func step(_ sender: Int, _ choice: Int, size: () -> Int) {
        switch choice {
        case 0, 1: send(sender, size())
        case 2, 3: receiverReads(sender)
        case 4: receiverFinishes()
        default: senderReads(sender)
        }
    }

    /// Everything under way arrives and is served, as if nothing else happened.
    mutating func settle() {
        while !mailbox.isEmpty || senders.contains(where: { !$0.up.isEmpty || !$0.down.isEmpty }) {
            for sender in senders.indices {
                receiverReads(sender)
                senderReads(sender)
            }
            receiverFinishes()
            check()
        }
        for (index, sender) in senders.enumerated() {
            #expect(sender.waiting.isEmpty, "sender \(index) waits for credit that never comes")
            #expect(sender.sent == served[index])
        }
    }

    func check() {
        let underWay = senders.reduce(0) { $0 + $1.gate.window.messages }
        #expect(underWay <= room.messages + room.firstGrant.messages * senders.count)
        #expect(pool.granted.messages <= room.messages && pool.granted.bytes <= room.bytes)
    }

    private mutating func send(_ sender: Int, _ size: Int) {
        if senders[sender].gate.admits(size) {
            senders[sender].gate.take(size)
            return sent(sender, size)
        }
        // More tasks than these wait in nobody's program.
        guard senders[sender].waiting.count < 50 else { return }
        lastWaiter += 1
        senders[sender].waiting[lastWaiter] = size
        if senders[sender].gate.wait(lastWaiter, size: size, isImpatient: false) {
            senders[sender].up.append(.needCredit)
        }
    }

    private mutating func sent(_ sender: Int, _ size: Int) {
        senders[sender].up.append(.message(size))
        senders[sender].sent += 1
    }

    private mutating func receiverReads(_ sender: Int) {
        guard !senders[sender].up.isEmpty else { return }
        switch senders[sender].up.removeFirst() {
        case .message(let size): mailbox.append((sender, size))
        case .needCredit:
            if let batch = senders[sender].credit.senderWaits() {
                senders[sender].down.append(.credit(messages: batch.messages, bytes: batch.bytes))
            }
            tell(pool.wants(sender))
        case .confirmed(let confirmation):
            tell(pool.confirmed(sender, count: confirmation.count, givesBack: confirmation.givesBack))
        }
    }

    private mutating func tell(_ changes: [CreditPool<Int>.Change]) {
        for change in changes {
            senders[change.sender].credit.changeWindow(to: change.limit)
            senders[change.sender].down.append(.limit(change.limit, isLowered: change.isLowered))
        }
    }

    private mutating func receiverFinishes() {
        guard !mailbox.isEmpty else { return }
        let (sender, size) = mailbox.removeFirst()
        served[sender] += 1
        if let batch = senders[sender].credit.finished(size) {
            senders[sender].down.append(.credit(messages: batch.messages, bytes: batch.bytes))
        }
    }

    private mutating func senderReads(_ sender: Int) {
        guard !senders[sender].down.isEmpty else { return }
        let outcome =
            switch senders[sender].down.removeFirst() {
            case .credit(let messages, let bytes):
                senders[sender].gate.returned(messages: messages, bytes: bytes)
            case .limit(let limit, let isLowered):
                senders[sender].gate.limited(to: limit, isLowered: isLowered)
            }
        for waiter in outcome.admitted {
            if let size = senders[sender].waiting.removeValue(forKey: waiter) { sent(sender, size) }
        }
        if outcome.asks { senders[sender].up.append(.needCredit) }
        if let confirmation = outcome.confirmed { senders[sender].up.append(.confirmed(confirmation)) }
    }
}
