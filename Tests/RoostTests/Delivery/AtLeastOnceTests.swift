import Distributed
import Glibc
import RoostTesting
import Testing

@Suite struct AtLeastOnceTests {
    private func withLedger(
        _ options: SpawnOptions = SpawnOptions(
            intensity: .init(restarts: 1_000, within: .seconds(1)), backoff: .none),
        _ body: (TestSystem, Ledger, Journal) async throws -> Void
    ) async throws {
        let journal = Journal("ledger")
        defer { journal.remove() }
        try await withTestSystem { test in
            let ledger = try await test.spawn(Ledger.self, named: "ledger", journal, options: options)
            try await body(test, ledger, journal)
        }
    }

    @Test func `what a dead incarnation had not finished is served by the next, in order and marked`()
        async throws
    {
        try await withLedger { test, ledger, journal in
            let signal = Signal(actorSystem: test.system)
            let pid = try await ledger.processID()
            // The first one is under way when the process dies, the others wait behind it.
            async let first: Void = ledger.bookOnce("", 1, signal)
            try await signal.waitFor("started")
            for number in 2...20 { try await ledger.tell { _ = try await $0.book(number) } }
            async let last = ledger.book(21)
            Processes.signal(pid, SIGKILL)
            try await first
            let number = try await last
            #expect(number == 21)
            #expect(journal.entries.map(\.number) == Array(1...21))
            #expect(journal.entries.first?.isRedelivered == true)
            #expect(try await ledger.processID() != pid)
        }
    }

    @Test func `what has been finished is not served again`() async throws {
        try await withLedger { test, ledger, journal in
            for number in 1...10 { try await ledger.tell { _ = try await $0.book(number) } }
            _ = try await ledger.book(11)
            // The answer came after the acknowledgements before it.
            Processes.signal(try await ledger.processID(), SIGKILL)
            _ = try await ledger.book(12)
            #expect(journal.entries.map(\.number) == Array(1...12))
        }
    }

    @Test func `a call that kills is poison after its attempts, and those behind it are served`() async throws
    {
        try await withLedger { test, ledger, journal in
            async let crash = caught { try await ledger.bookAndCrash(1) } as RemoteCallError?
            async let behind = ledger.book(2)
            let error = await crash
            #expect(error?.code == .interrupted && error?.exitReason == .crashed(signal: SIGKILL))
            #expect(error?.message.contains("3 incarnations") == true, "\(String(describing: error))")
            let number = try await behind
            #expect(number == 2)
            #expect(journal.entries.filter { $0.number == 1 }.map(\.isRedelivered) == [false, true, true])
        }
    }

    @Test func `a one-way message that kills becomes a dead letter after its attempts`() async throws {
        try await withLedger { test, ledger, journal in
            try await ledger.tell { try await $0.bookAndCrash(1) }
            for number in 2...5 { try await ledger.tell { _ = try await $0.book(number) } }
            try await test.events.wait(for: "the dead letter") {
                if case .deadLetter(let letter) = $0.kind {
                    letter.reason == .poison && letter.target.contains("bookAndCrash")
                        && letter.receiver == "ledger"
                } else {
                    false
                }
            }
            _ = try await ledger.book(6)
            #expect(journal.entries.map(\.number) == [1, 1, 1, 2, 3, 4, 5, 6])
        }
    }

    @Test func `a call that is given up is not served again`() async throws {
        try await withLedger { test, ledger, journal in
            let signal = Signal(actorSystem: test.system)
            let pid = try await ledger.processID()
            let call = Task { try await ledger.sleepForEver(signal) }
            try await signal.waitFor("started")
            Processes.signal(pid, SIGSTOP)
            call.cancel()
            _ = await call.result
            Processes.signal(pid, SIGKILL)
            _ = try await ledger.book(1)
            #expect(journal.entries.map(\.number) == [0, 1])
        }
    }

    @Test func `a deadline holds over the deaths of incarnations`() async throws {
        try await withLedger { test, ledger, _ in
            let signal = Signal(actorSystem: test.system)
            let pid = try await ledger.processID()
            async let call =
                caught {
                    try await ledger.call(within: .milliseconds(400)) { try await $0.sleepForEver(signal) }
                } as RemoteCallError?
            try await signal.waitFor("started")
            Processes.signal(pid, SIGKILL)
            let error = await call
            #expect(error?.code == .deadlineExceeded)
        }
    }

    @Test func `what is sent is kept when nobody refers to the actor any more`() async throws {
        let journal = Journal("forgotten")
        defer { journal.remove() }
        try await withTestSystem { test in
            let signal = Signal(actorSystem: test.system)
            var pid: Int32 = 0
            do {
                let ledger = try await test.spawn(Ledger.self, named: "ledger", journal)
                pid = try await ledger.processID()
                try await ledger.tell { try await $0.bookOnce("", 1, signal) }
                try await signal.waitFor("started")
                for number in 2...5 { try await ledger.tell { _ = try await $0.book(number) } }
            }
            Processes.signal(pid, SIGKILL)
            let found = try await test.system.find(Ledger.self, named: "ledger")
            _ = try await found.book(6)
            #expect(journal.entries.map(\.number).sorted() == Array(1...6))
            #expect(journal.entries.filter { $0.number < 6 }.map(\.number) == Array(1...5))
        }
    }

    @Test func `an actor that ends for good loses nothing silently`() async throws {
        var options = SpawnOptions()
        options.restart = .temporary
        try await withLedger(options) { test, ledger, _ in
            let signal = Signal(actorSystem: test.system)
            let pid = try await ledger.processID()
            async let first = caught { try await ledger.bookOnce("", 1, signal) } as RemoteCallError?
            try await signal.waitFor("started")
            for number in 2...5 { try await ledger.tell { _ = try await $0.book(number) } }
            Processes.signal(pid, SIGKILL)
            let error = await first
            #expect(error?.code == .interrupted && error?.exitReason == .crashed(signal: SIGKILL))
            try await test.events.wait(for: "the dead letters", count: 4) {
                if case .deadLetter(let letter) = $0.kind {
                    letter.reason == .terminated && letter.target.contains("book")
                } else {
                    false
                }
            }
        }
    }

    @Test func `a restart by the supervisor hands the waiting messages on`() async throws {
        let journal = Journal("group")
        defer { journal.remove() }
        try await withTestSystem { test in
            let tree = Supervisor("pair", strategy: .oneForAll) {
                Child(Ledger.self, named: "ledger", journal)
                Child(Echo.self, named: "echo")
            }
            _ = try await test.system.start(tree)
            let ledger = try await test.system.find(Ledger.self, named: "ledger")
            let echo = try await test.system.find(Echo.self, named: "echo")
            let signal = Signal(actorSystem: test.system)
            let pid = try await ledger.processID()
            async let first = caught { try await ledger.bookOnce("", 1, signal) } as (any Error)?
            try await signal.waitFor("started")
            for number in 2...20 { try await ledger.tell { _ = try await $0.book(number) } }
            Processes.signal(try await echo.processID(), SIGKILL)
            // It is asked to stop while it serves the first, which does not end: the shutdown's time is up.
            Processes.signal(pid, SIGKILL)
            let error = await first
            #expect(error == nil, "\(String(describing: error))")
            _ = try await ledger.book(21)
            #expect(journal.entries.map(\.number) == Array(1...21))
        }
    }

    @Test func `the sequence tells messages apart, and rises`() async throws {
        try await withLedger { test, ledger, _ in
            var last: MessageSequence?
            for _ in 1...5 {
                let sequence = try #require(try await ledger.sequence())
                if let last { #expect(sequence.sender == last.sender && sequence.number > last.number) }
                last = sequence
            }
            let journal = Journal("diary")
            let diary = try await test.spawn(Diary.self, journal)
            #expect(try await diary.sequence() == nil)
        }
    }
}
