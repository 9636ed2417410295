/// What places say of the calls that were made to them.
extension PoolState {
    /// The first `count` tasks of what the place was given have been served.
    ///
    /// The outcomes of those at the positions `lost` did not arrive; they are served again, each alone. The rest has
    /// not been begun.
    mutating func served(_ place: Int, count: Int, lost: [Int] = []) -> [Action] {
        guard let index = index(of: place), places[index].isCalled,
            let assignment = places[index].call?.assignment
        else { return [] }
        var again: [PoolSpan] = []
        var position = 0
        for var span in assignment.spans {
            let start = position
            position += span.count
            let done = span.takeFirst(max(0, count - start))
            let missing = lost.filter { start..<start + done.count ~= $0 }
            finish(span.ticket, done.count - missing.count)
            again += missing.map { position in
                let task = done.range.lowerBound + position - start
                return PoolSpan(ticket: span.ticket, range: task..<task + 1, isAlone: true)
            }
            again.append(span)
        }
        giveBack(again)
        places[index].served += count
        if count > 0 { idleDeaths = 0 }
        return drained() + free(index)
    }

    /// The message could not be sent, or its answer not be read, because of something in it.
    ///
    /// Each task is served again by itself, to find out which it is.
    mutating func refused(_ place: Int) -> [Action] {
        guard let index = index(of: place), places[index].isCalled,
            let assignment = places[index].call?.assignment
        else { return [] }
        giveBack(assignment.spans.map(\.alone))
        return free(index)
    }

    /// A place whose call was cancelled answers again.
    mutating func settled(_ place: Int) -> [Action] {
        guard let index = index(of: place), places[index].isCalled else { return [] }
        return free(index)
    }

    /// The call did not come back because its process is ending or has ended, before it served or after.
    mutating func lost(_ place: Int, begun: Bool) -> [Action] {
        guard let index = index(of: place), places[index].isCalled,
            let assignment = places[index].call?.assignment
        else { return [] }
        places[index].call = .lost(assignment, begun: begun)
        places[index].standing = .leaving
        if places[index].end != nil { return bury(index) }
        // One that died before it did anything is replaced when its end is known, after a pause.
        return begun || places[index].served > 0 ? ensurePlaces() : []
    }

    /// The time to react to the end of a ticket is over.
    mutating func graceOver(_ place: Int, assignment: Int) -> [Action] {
        guard let index = index(of: place), places[index].isCalled,
            places[index].call?.assignment.number == assignment, !places[index].isKilled
        else { return [] }
        places[index].standing = .leaving
        places[index].isKilled = true
        return [.kill(place: place)] + ensurePlaces()
    }

    /// The place has nothing to serve any more.
    private mutating func free(_ index: Int) -> [Action] {
        places[index].call = nil
        if places[index].end != nil { return bury(index) }
        guard places[index].standing == .available else { return dispatch() }
        let isWornOut = rules.recycleAfter.map { places[index].served >= $0 } ?? false
        if isWornOut || countedPlaces > target { return retire(index) + ensurePlaces() + dispatch() }
        let place = places[index].id
        return dispatch() + idle(place)
    }
}

extension PoolSpan {
    var alone: PoolSpan {
        var span = self
        span.isAlone = true
        return span
    }
}
