import RoostWire
import Testing

@testable import Roost
@testable import RoostTesting

@Suite struct GroupsStateTests {
    private let counters = GroupTopic(name: "g", mangledType: "C", typeName: "Counter")
    private let echoes = GroupTopic(name: "g", mangledType: "E", typeName: "Echo")
    private let others = GroupTopic(name: "h", mangledType: "C", typeName: "Counter")
    private let a = GroupMember(key: .spawned(1), name: "a")
    private let b = GroupMember(key: .spawned(2), name: "b")
    private let local = GroupMember(key: ActorKey(owner: 7, number: 1), name: "local")

    @Test func `members are there in the order they joined`() {
        var groups = GroupsState()
        #expect(groups.join(b, counters) == .joined)
        #expect(groups.join(local, counters) == .joined)
        #expect(groups.join(a, counters) == .joined)
        #expect(groups.members(of: counters) == .members([b, local, a]))
        #expect(groups.leave(b.key, counters) == .left(b))
        #expect(groups.join(b, counters) == .joined)
        #expect(groups.members(of: counters) == .members([local, a, b]))
    }

    @Test func `joining twice is joining once`() {
        var groups = GroupsState()
        #expect(groups.join(a, counters) == .joined)
        #expect(groups.join(a, counters) == .isMember)
        #expect(groups.members(of: counters) == .members([a]))
        #expect(groups.leave(a.key, counters) == .left(a))
        #expect(groups.leave(a.key, counters) == .isNoMember)
    }

    @Test func `a name belongs to one type while there are members`() {
        var groups = GroupsState()
        #expect(groups.join(a, counters) == .joined)
        #expect(groups.join(b, echoes) == .refused(holder: counters))
        #expect(groups.leave(a.key, echoes) == .refused(holder: counters))
        #expect(groups.members(of: echoes) == .refused(holder: counters))
        #expect(groups.leave(a.key, counters) == .left(a))
        #expect(groups.join(b, echoes) == .joined)
        #expect(groups.members(of: counters) == .refused(holder: echoes))
    }

    @Test func `whoever has ended leaves all groups in the order of joining`() {
        var groups = GroupsState()
        _ = groups.join(a, others)
        _ = groups.join(b, counters)
        _ = groups.join(a, counters)
        #expect(groups.ended(a.key).map(\.topic) == [others, counters])
        #expect(groups.ended(a.key).isEmpty)
        #expect(groups.members(of: others) == .members([]))
        #expect(groups.members(of: counters) == .members([b]))
    }

    @Test func `those made in a process are found, each once`() {
        var groups = GroupsState()
        let second = GroupMember(key: ActorKey(owner: 7, number: 2), name: "second")
        for member in [second, local, a] {
            _ = groups.join(member, counters)
            _ = groups.join(member, others)
        }
        #expect(groups.members(madeIn: 7) == [local.key, second.key])
        #expect(groups.members(madeIn: 8) == [])
    }

    // MARK: Every sequence of what can happen, against a plain account of it

    private enum Event: CaseIterable {
        case joinA, joinB, joinAElsewhere, joinAOfOtherType, leaveA, leaveB, endA, endB
    }

    /// Groups as a list of who is in what.
    private struct Account {
        var entries: [(topic: GroupTopic, member: GroupMember)] = []

        func members(_ topic: GroupTopic) -> [GroupMember] {
            entries.filter { $0.topic == topic }.map(\.member)
        }
        func holder(of name: String) -> GroupTopic? { entries.first { $0.topic.name == name }?.topic }
        mutating func join(_ member: GroupMember, _ topic: GroupTopic) {
            if let holder = holder(of: topic.name), holder != topic { return }
            if !members(topic).contains(member) { entries.append((topic, member)) }
        }
        mutating func leave(_ member: GroupMember, _ topic: GroupTopic) {
            entries.removeAll { $0.topic == topic && $0.member == member }
        }
        mutating func end(_ member: GroupMember) { entries.removeAll { $0.member == member } }
    }

    private func apply(_ event: Event, to groups: inout GroupsState, _ account: inout Account) {
        switch event {
        case .joinA: _ = (groups.join(a, counters), account.join(a, counters))
        case .joinB: _ = (groups.join(b, counters), account.join(b, counters))
        case .joinAElsewhere: _ = (groups.join(a, others), account.join(a, others))
        case .joinAOfOtherType: _ = (groups.join(a, echoes), account.join(a, echoes))
        case .leaveA: _ = (groups.leave(a.key, counters), account.leave(a, counters))
        case .leaveB: _ = (groups.leave(b.key, counters), account.leave(b, counters))
        case .endA: _ = (groups.ended(a.key), account.end(a))
        case .endB: _ = (groups.ended(b.key), account.end(b))
        }
    }

    @Test func `every sequence of five events leaves the members that a plain account has`() {
        func follow(_ groups: GroupsState, _ account: Account, depth: Int) {
            for topic in [counters, echoes, others] {
                let holder = account.holder(of: topic.name)
                let expected: GroupsState.MembersAnswer =
                    if let holder, holder != topic { .refused(holder: holder) } else {
                        .members(account.members(topic))
                    }
                if groups.members(of: topic) != expected {
                    Issue.record("\(groups.members(of: topic)) instead of \(expected)")
                }
            }
            if groups.isEmpty != account.entries.isEmpty { Issue.record("something was kept") }
            if depth == 0 { return }
            for event in Event.allCases {
                var (groups, account) = (groups, account)
                apply(event, to: &groups, &account)
                follow(groups, account, depth: depth - 1)
            }
        }
        follow(GroupsState(), Account(), depth: 5)
    }
}
