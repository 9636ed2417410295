import Distributed
import Glibc
import RoostTesting
import Testing

@Suite struct WorkerOutputTests {
    @Test(arguments: [SystemOptions.SpawnMethod.zygote, .exec])
    func `what an actor prints comes line by line under its name`(method: SystemOptions.SpawnMethod)
        async throws
    {
        let captured = try Captured()
        try await withTestSystem(options: captured.options(.prefixed, method)) { test in
            let printer = try await test.spawn(Printer.self, named: "p")
            try await printer.say("one\ntwo")
            try await printer.complain("oh\n")
        }
        #expect(captured.lines() == ["[p] one", "[p] two"])
        #expect(captured.lines(.error) == ["[p] oh"])
    }

    @Test func `lines of several actors never mix`() async throws {
        let captured = try Captured()
        let text = String(repeating: "x", count: 60)
        try await withTestSystem(options: captured.options()) { test in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for name in ["a", "b", "c", "d"] {
                    let printer = try await test.spawn(Printer.self, named: name)
                    group.addTask { try await printer.sayManyTimes(text, 100) }
                }
                try await group.waitForAll()
            }
        }
        let lines = captured.lines()
        for name in ["a", "b", "c", "d"] {
            #expect(lines.filter { $0.hasPrefix("[\(name)]") } == (1...100).map { "[\(name)] \(text) \($0)" })
        }
        #expect(lines.count == 400)
    }

    @Test func `what was printed before a crash is written out before the end is told`() async throws {
        let captured = try Captured()
        try await withTestSystem(options: captured.options()) { test in
            let options = SpawnOptions(restart: .temporary)
            for number in 1...20 {
                let printer = try await test.spawn(Printer.self, named: "p", options: options)
                let watch = try await test.system.watch(printer)
                try await printer.tell { try await $0.sayAndDie("\(number)") }
                #expect(try await watch.value == .crashed(signal: SIGKILL))
                #expect(captured.text() == "[p] \(number)\n")
            }
        }
    }

    @Test func `a last line without an end is completed`() async throws {
        let captured = try Captured()
        try await withTestSystem(options: captured.options()) { test in
            let printer = try await test.spawn(
                Printer.self, named: "p", options: SpawnOptions(restart: .temporary))
            let watch = try await test.system.watch(printer)
            try await printer.tell { try await $0.sayAndLeave("half a line") }
            #expect(try await watch.value == .exited(code: 0))
            #expect(captured.text() == "[p] half a line\n")
        }
    }

    @Test func `inherited streams are the node's own, and discarded ones go nowhere`() async throws {
        let captured = try Captured()
        try await withTestSystem(options: captured.options(.inherited)) { test in
            let printer = try await test.spawn(Printer.self)
            #expect(try await printer.streams() == [nameOfDescriptor(1), nameOfDescriptor(2)])
        }
        try await withTestSystem(options: captured.options(.discarded)) { test in
            let printer = try await test.spawn(Printer.self)
            try await printer.say("nothing")
            try await printer.complain("nothing\n")
            #expect(try await printer.streams().first == "/dev/null")
        }
        #expect(captured.text() == "" && captured.text(.error) == "")
    }

    @Test func `a child of the actor that keeps the streams delays nothing`() async throws {
        let captured = try Captured()
        var child: Int32 = 0
        try await withTestSystem(options: captured.options()) { test in
            let options = SpawnOptions(restart: .temporary)
            let printer = try await test.spawn(Printer.self, named: "p", options: options)
            child = try await printer.startGrandchild()
            let watch = try await test.system.watch(printer)
            try await printer.tell { try await $0.sayAndDie("dying") }
            #expect(try await watch.value == .crashed(signal: SIGKILL))
            #expect(captured.text() == "[p] dying\n")
        }
        // Nothing came between: the child is still there, and the system has ended.
        #expect(child > 0 && Processes.signal(child, SIGKILL))
    }

    @Test func `when nobody reads the node's output actors work on, and the loss is said`() async throws {
        let captured = try Captured()
        try await withTestSystem(options: captured.options()) { test in
            let printer = try await test.spawn(Printer.self, named: "p")
            try await printer.sayManyTimes(String(repeating: "x", count: 1_000), 3_000)
            try await printer.nothing()
            try await test.kill(printer)
            try await printer.nothing()
            #expect(captured.wait(for: "lines were dropped here"))
        }
    }

    @Test func `when the node's output is closed the node lives on`() async throws {
        let captured = try Captured()
        captured.stopReading()
        try await withTestSystem(options: captured.options()) { test in
            let printer = try await test.spawn(Printer.self, named: "p")
            for _ in 1...3 {
                try await printer.say("to nobody")
                try await test.kill(printer)
            }
            try await printer.complain("still here\n")
            try await test.kill(printer)
            #expect(captured.text(.error) == "[p] still here\n")
        }
    }
}
