import Testing

@testable import WordCount

@Suite struct ChaosScheduleTests {
    @Test func `the same seed gives the same schedule, another seed another`() {
        let specification = ChaosSpecification(kills: 20, stops: 2, zygoteKills: 1, seed: 7)
        let other = ChaosSpecification(kills: 20, stops: 2, zygoteKills: 1, seed: 8)
        let schedule = ChaosSchedule(specification, chunks: 50)
        #expect(schedule.pending == ChaosSchedule(specification, chunks: 50).pending)
        #expect(schedule.pending != ChaosSchedule(other, chunks: 50).pending)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `both kinds of worker are struck, at moments when they have something to lose`(seed: UInt64) {
        let specification = ChaosSpecification(kills: 2, stops: 2, zygoteKills: 1, seed: seed)
        for chunks in [1, 2, 50] {
            let schedule = ChaosSchedule(specification, chunks: chunks)
            #expect(schedule.pending.count == 5)
            for blow in [ChaosSchedule.Blow.kill, .stop] {
                let kinds = schedule.pending.filter { $0.blow == blow && $0.kind != .zygote }.map(\.kind)
                #expect(Set(kinds) == [.tokenizer, .reducer])
            }
            for strike in schedule.pending {
                let moments = strike.kind == .reducer ? 1...chunks : 0...chunks - 1
                #expect(moments.contains(strike.after))
            }
            #expect(schedule.pending.map(\.after) == schedule.pending.map(\.after).sorted())
        }
    }

    @Test func `a strike is taken once, and not before it is due`() {
        var schedule = ChaosSchedule(ChaosSpecification(kills: 1), chunks: 10)
        let after = schedule.pending[0].after
        #expect(schedule.take(.tokenizer, acknowledged: after - 1) == nil)
        #expect(schedule.take(.reducer, acknowledged: 100) == nil)
        #expect(schedule.take(.tokenizer, acknowledged: after)?.after == after)
        #expect(schedule.take(.tokenizer, acknowledged: 100) == nil)
    }
}
