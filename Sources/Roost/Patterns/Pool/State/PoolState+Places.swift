/// Processes: their starts and their ends.
extension PoolState {
    /// Starts processes until there are as many as there should be.
    mutating func ensurePlaces() -> [Action] {
        guard mode == .open || mode == .warmingUp, !isRestartTimerSet else { return [] }
        var missing = target - countedPlaces
        if failedStarts > 0 {
            // One at a time, until one succeeds.
            missing = places.contains { $0.standing == .starting } ? 0 : min(missing, 1)
        }
        guard missing > 0 else { return [] }
        return (0..<missing).map { _ in
            lastPlace += 1
            places.append(PoolPlaceState(id: lastPlace))
            return .start(place: lastPlace)
        }
    }

    /// The place's process is ready.
    mutating func started(_ place: Int) -> [Action] {
        guard let index = index(of: place), places[index].standing == .starting else { return [] }
        failedStarts = 0
        isUnavailable = false
        if mode == .stopping || countedPlaces > target {
            return retire(index)
        }
        places[index].standing = .available
        if mode == .warmingUp {
            guard places.count(where: { $0.isIdle }) == target else { return ensurePlaces() }
            mode = .open
            return [.warm] + dispatch()
        }
        return ensurePlaces() + dispatch() + idle(place)
    }

    /// The place could not be started; when that `isFinal` there is no use in trying again.
    mutating func failedToStart(_ place: Int, isFinal: Bool = false) -> [Action] {
        guard let index = index(of: place), places[index].standing == .starting else { return [] }
        places.remove(at: index)
        if mode == .warmingUp { return stop() }
        if mode == .stopping { return stopped() }
        failedStarts += 1
        var actions: [Action] = []
        if isFinal || failedStarts >= rules.failedStarts, !places.contains(where: { $0.isCounted }) {
            isUnavailable = true
            actions = failWaiting(.unavailable)
        }
        return isFinal ? actions : actions + pause(after: failedStarts)
    }

    /// Waits before the next start, if it is not the first that is needed.
    private mutating func pause(after failures: Int, upTo limit: Duration? = nil) -> [Action] {
        guard !isRestartTimerSet else { return [] }
        var delay = rules.backoff.delay(beforeRestart: failures, random: 0.5)
        if let limit { delay = min(delay, limit) }
        if delay == .zero { return ensurePlaces() }
        isRestartTimerSet = true
        return [.setRestartTimer(delay)]
    }

    mutating func restartTimerOver() -> [Action] {
        isRestartTimerSet = false
        return ensurePlaces()
    }

    /// The place's process has ended.
    mutating func ended(_ place: Int, _ reason: ExitReason) -> [Action] {
        guard let index = index(of: place), places[index].end == nil else { return [] }
        places[index].end = reason
        // What became of its call is still to be told: it may have been answered.
        return places[index].isCalled ? [] : bury(index)
    }

    /// Forgets a place that has ended, and sees to what it was serving.
    mutating func bury(_ index: Int) -> [Action] {
        let place = places.remove(at: index)
        let reason = place.end ?? .unknown
        var actions: [Action] = []
        var hasBegun = false
        if case .lost(let assignment, let begun) = place.call {
            hasBegun = begun
            actions = takeBack(assignment, from: place, reason, begun: begun)
        }
        if mode == .stopping { return actions + stopped() }
        if mode == .warmingUp && place.standing != .leaving { return actions + stop() }
        let wasAskedToEnd = place.standing == .leaving && place.call == nil
        if place.served == 0 && !hasBegun && !place.isKilled && !wasAskedToEnd {
            idleDeaths += 1
            return actions + pause(after: idleDeaths, upTo: rules.idlePause) + dispatch()
        }
        return actions + ensurePlaces() + dispatch()
    }

    private mutating func takeBack(
        _ assignment: PoolAssignment, from place: PoolPlaceState, _ reason: ExitReason, begun: Bool
    ) -> [Action] {
        if mode == .stopping { return assignment.spans.flatMap { fail($0, .stopped(reason)) } }
        if place.isKilled {
            giveBack(assignment.spans)
            return []
        }
        if !begun { return takeBackUnbegun(assignment, from: place, reason) }
        guard assignment.count == 1, var span = assignment.spans.first else {
            // Nobody knows which of them was being served: the next time each is served alone.
            giveBack(assignment.spans.map(\.alone))
            return []
        }
        span.deaths += 1
        span.isAlone = true
        if let attempts = tickets[span.ticket]?.attempts, span.deaths >= attempts {
            return fail(span, .died(reason, place: place.id))
        }
        giveBack([span])
        return []
    }

    /// The process had ended before it began: that is nobody's fault, but must not go on for ever.
    private mutating func takeBackUnbegun(
        _ assignment: PoolAssignment, from place: PoolPlaceState, _ reason: ExitReason
    ) -> [Action] {
        var actions: [Action] = []
        var again: [PoolSpan] = []
        for var span in assignment.spans {
            span.misses += 1
            if span.misses >= rules.misses {
                actions += fail(span, .died(reason, place: place.id))
            } else {
                again.append(span)
            }
        }
        giveBack(again)
        return actions
    }

    /// Ends a place that is not needed any more, in order.
    mutating func retire(_ index: Int) -> [Action] {
        places[index].standing = .leaving
        return [.stop(place: places[index].id)]
    }

    /// Comes back to a place that has nothing to do, if there may be fewer.
    func idle(_ place: Int) -> [Action] {
        guard target > rules.sizes.lowerBound, let index = index(of: place), places[index].isIdle else {
            return []
        }
        return [.setIdleTimer(place: place, assignment: places[index].lastAssignment)]
    }

    /// It had nothing to do when the timer was set; `assignment` was the last that it had been given.
    mutating func idleTimerOver(_ place: Int, assignment: Int) -> [Action] {
        guard mode == .open, let index = index(of: place), places[index].isIdle,
            places[index].lastAssignment == assignment, target > rules.sizes.lowerBound
        else { return [] }
        target -= 1
        return retire(index)
    }
}
