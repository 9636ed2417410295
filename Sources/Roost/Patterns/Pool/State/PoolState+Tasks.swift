/// Tasks: how they come, are given to places, and go.
extension PoolState {
    /// A ticket of `count` tasks, each of which may end so many processes.
    mutating func submitted(
        _ ticket: Int, count: Int, attempts: Int, isBatchable: Bool = false
    ) -> [Action] {
        // With one attempt no task is ever begun twice, so that nothing may die beside it.
        let span = PoolSpan(ticket: ticket, range: 0..<count, isAlone: attempts == 1)
        if mode == .stopping || mode == .stopped { return [.fail(span, .stopped(nil))] }
        if isUnavailable { return [.fail(span, .unavailable)] }
        tickets[ticket] = Ticket(open: count, waiting: count, attempts: attempts, isBatchable: isBatchable)
        waiting.append(span)
        waitingTasks += count
        return dispatch()
    }

    /// Nobody wants the outcomes of the ticket's tasks any more.
    mutating func abandoned(_ ticket: Int) -> [Action] {
        guard let gone = tickets.removeValue(forKey: ticket) else { return [] }
        waitingTasks -= gone.waiting
        if waiting.count > 64 + 2 * tickets.count { waiting.keep { tickets[$0.ticket] != nil } }
        var actions: [Action] = []
        for index in places.indices {
            guard case .underWay(let assignment) = places[index].call,
                assignment.spans.contains(where: { $0.ticket == ticket })
            else { continue }
            if assignment.spans.allSatisfy({ tickets[$0.ticket] == nil }) {
                places[index].call = .cancelled(assignment)
                actions.append(.cancelCall(place: places[index].id))
            }
            actions.append(.setGrace(place: places[index].id, assignment: assignment.number))
        }
        return actions + drained()
    }

    /// Gives what waits to places that are idle.
    mutating func dispatch() -> [Action] {
        guard mode == .open else { return [] }
        var actions: [Action] = []
        while waitingTasks > 0, let index = places.firstIndex(where: { $0.isIdle }) {
            let spans = take(for: places[index])
            lastAssignment += 1
            let assignment = PoolAssignment(number: lastAssignment, spans: spans)
            places[index].call = .underWay(assignment)
            places[index].lastAssignment = assignment.number
            actions.append(.serve(assignment, place: places[index].id))
        }
        if waitingTasks > 0, target < rules.sizes.upperBound,
            !places.contains(where: { $0.standing == .starting })
        {
            target += 1
            actions += ensurePlaces()
        }
        return actions
    }

    /// Takes away what this place is to serve next; there is something.
    private mutating func take(for place: PoolPlaceState) -> [PoolSpan] {
        let most = rules.recycleAfter.map { max($0 - place.served, 1) } ?? .max
        var spans: [PoolSpan] = []
        var room = most
        while let first = firstWaiting() {
            let isSingle = first.count == 1 && !first.isAlone && tickets[first.ticket]?.isBatchable == true
            if !isSingle && !spans.isEmpty { break }
            if isSingle && spans.isEmpty {
                let share = (waitingTasks + countedPlaces - 1) / max(countedPlaces, 1)
                room = min(most, batchLimit, max(share, 1))
            }
            guard let taken = waiting.takeFirst(first.isAlone ? 1 : room) else { break }
            tickets[taken.ticket]?.waiting -= taken.count
            waitingTasks -= taken.count
            spans.append(taken)
            room -= taken.count
            if !isSingle || room <= 0 { break }
        }
        return spans
    }

    /// The next span of a ticket that has not been abandoned.
    private mutating func firstWaiting() -> PoolSpan? {
        while let first = waiting.first {
            if tickets[first.ticket] != nil { return first }
            _ = waiting.takeFirst(.max)
        }
        return nil
    }

    /// Puts tasks before all others again; those of abandoned tickets are dropped.
    mutating func giveBack(_ spans: [PoolSpan]) {
        let wanted = spans.filter { tickets[$0.ticket] != nil && !$0.range.isEmpty }
        for span in wanted { tickets[span.ticket]?.waiting += span.count }
        waitingTasks += wanted.reduce(0) { $0 + $1.count }
        waiting.giveBack(wanted)
    }

    /// So many tasks of the ticket have their outcome.
    mutating func finish(_ ticket: Int, _ count: Int) {
        guard let open = tickets[ticket]?.open else { return }
        if open <= count { tickets[ticket] = nil } else { tickets[ticket]?.open = open - count }
    }

    mutating func failWaiting(_ fate: PoolFate) -> [Action] {
        waitingTasks = 0
        var actions: [Action] = []
        for span in waiting.takeAll() where tickets[span.ticket] != nil {
            tickets[span.ticket]?.waiting -= span.count
            actions += fail(span, fate)
        }
        return actions
    }

    mutating func fail(_ span: PoolSpan, _ fate: PoolFate) -> [Action] {
        guard tickets[span.ticket] != nil else { return [] }
        finish(span.ticket, span.count)
        return [.fail(span, fate)] + drained()
    }
}
