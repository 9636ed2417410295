import Distributed
import Glibc
import RoostTesting
import RoostWire
import Testing

@testable import Roost

/// Blobs on their way between real processes.
@Suite struct BlobMessageTests {
    private func code(_ body: () async throws -> Void) async -> RemoteCallError? { await caught(body) }

    /// Waits until no process of this node has the memory.
    private func expectNobodyHas(_ inode: UInt64, _ comment: Comment) async {
        let end = ContinuousClock.now + .seconds(10)
        func holders() -> [String] {
            (["self"] + Processes.children.map(String.init)).filter {
                openMemoryFiles(of: $0).contains { $0.inode == inode }
            }
        }
        while !holders().isEmpty, ContinuousClock.now < end { await Task.yield() }
        #expect(holders() == [], comment)
    }

    @Test func `a blob is an argument, a result and part of others, and the same memory everywhere`()
        async throws
    {
        try await withTestSystem { test in
            let gallery = try await test.spawn(Gallery.self)
            let blob = try Blob(copying: blobBytes(3 << 20))
            #expect(try await gallery.sum(blob) == blob.checksum)
            let back = try await gallery.echo(blob)
            #expect(back == blob && inode(of: back) == inode(of: blob))
            let made = try await gallery.make(100_000)
            #expect(made.array == blobBytes(100_000))
            let album = Album(
                title: "all", cover: blob, pictures: [made, blob, try Blob(copying: [])],
                byName: ["made": made, "other": try Blob(copying: [1])])
            #expect(try await gallery.echo(album) == album)
            let error: Evidence? = await caught { try await gallery.fail(with: 9_000) }
            #expect(error?.blob.array == blobBytes(9_000))
            #expect(try await gallery.sum(Blob(copying: [])) == 0)
        }
    }

    @Test func `a blob goes to several actors, and from one to the next`() async throws {
        try await withTestSystem { test in
            let blob = try Blob(copying: blobBytes(1 << 20))
            var galleries: [Gallery] = []
            for _ in 1...4 { galleries.append(try await test.spawn(Gallery.self)) }
            for gallery in galleries { try await gallery.tell { try await $0.keep(blob) } }
            for gallery in galleries { #expect(try await gallery.sumOfKept() == blob.checksum) }
            #expect(try await galleries[0].hand(blob, to: galleries[1]) == blob.checksum)
            // In the same process, too.
            let local = Showcase(actorSystem: test.system)
            let reference = try Showcase.resolve(id: local.id, using: test.system)
            #expect(try await reference.sum(blob) == blob.checksum)
        }
    }

    @Test func `a blob is read after its maker's death`() async throws {
        try await withTestSystem { test in
            let gallery = try await test.spawn(Gallery.self)
            let blob = try await gallery.make(200_000)
            try await test.kill(gallery)
            #expect(blob.array == blobBytes(200_000))
        }
    }

    @Test func `shared_memory: a receiver cannot write to a blob`() async throws {
        try await withTestSystem { test in
            let gallery = try await test.spawn(Gallery.self)
            let blob = try Blob(copying: blobBytes(5_000))
            try await gallery.keep(blob)
            #expect(try await gallery.tryToWrite() == [EPERM, EPERM, EPERM])
            #expect(blob.array == blobBytes(5_000))
        }
    }

    @Test func `blobs work in processes that are started anew, and without processes`() async throws {
        for method in [SystemOptions.SpawnMethod.exec, .inProcess] {
            try await withTestSystem { test in
                let gallery = try await test.spawn(Gallery.self, options: SpawnOptions(method: method))
                let blob = try Blob(copying: blobBytes(70_000))
                #expect(try await gallery.echo(blob) == blob)
            }
        }
    }

    // MARK: Limits

    @Test func `a message has at most 253 different blobs`() async throws {
        try await withTestSystem { test in
            let gallery = try await test.spawn(Gallery.self)
            let most = Blob.maximumPerMessage
            #expect(most == 253)
            let blobs = try (0..<most).map { try Blob(copying: [UInt8(truncatingIfNeeded: $0)]) }
            #expect(try await gallery.count(blobs) == most)
            // The same ones again take no more.
            #expect(try await gallery.count(blobs + blobs) == 2 * most)
            let tooMany = await code { _ = try await gallery.count(blobs + [try Blob(copying: [1, 2])]) }
            #expect(tooMany?.code == .unencodable && tooMany?.message.contains("253") == true)
            #expect(try await gallery.makeMany(most).map(\.array) == blobs.map(\.array))
            let result = await code { _ = try await gallery.makeMany(most + 1) }
            #expect(result?.code == .unencodable)
            #expect(try await gallery.count(blobs) == most)
        }
    }

    @Test func `a blob for which the receiver has no descriptor is undecodable`() async throws {
        try await withTestSystem { test in
            let gallery = try await test.spawn(
                Gallery.self, options: SpawnOptions(limits: ResourceLimits(openFiles: 64)))
            let blobs = try (UInt8(0)..<3).map { try Blob(copying: [$0]) }
            try await gallery.useUpDescriptors(except: 2)
            let pid = try await gallery.processID()
            let error = await code { _ = try await gallery.count(blobs) }
            #expect(error?.code == .undecodable && error?.message.contains("descriptors") == true)
            // The connection is whole, and what there is room for arrives.
            #expect(try await gallery.count(Array(blobs.prefix(2))) == 2)
            #expect(try await gallery.processID() == pid)
        }
    }

    @Test func `a blob counts as the few bytes of its message`() async throws {
        var options = SystemOptions()
        options.maximumMessageSize = 1_000
        options.mailboxBytes = 1_000
        try await withTestSystem(options: options) { test in
            let gallery = try await test.spawn(Gallery.self)
            let blob = try Blob(copying: blobBytes(1 << 20))
            #expect(try await gallery.echo(blob) == blob)
        }
    }

    // MARK: Nothing stays open

    @Test func `descriptors are closed after use, and at a death`() async throws {
        try await withTestSystem { test in
            let gallery = try await test.spawn(Gallery.self)
            var blob: Blob? = try Blob(copying: blobBytes(50_000))
            let used = try #require(blob.map(inode(of:)))
            if let blob { #expect(try await gallery.sum(blob) == blob.checksum) }
            #expect(try await gallery.openBlobs() == 0)
            if let blob { try await gallery.keep(blob) }
            #expect(try await gallery.openBlobs() == 1)
            try await gallery.drop()
            #expect(try await gallery.openBlobs() == 0)
            if let blob { try await gallery.keep(blob) }
            blob = nil
            #expect(try await gallery.sumOfKept() > 0)
            try await test.kill(gallery)
            await expectNobodyHas(used, "after a kill")
            let made = inode(of: try await gallery.make(10))
            await expectNobodyHas(made, "a result that was dropped")
        }
    }

    @Test func `a blob in a message that cannot be decoded is let go of`() async throws {
        try await withTestSystem { test in
            let gallery = try await test.spawn(Gallery.self)
            let used = try await { () async throws -> UInt64 in
                let blob = try Blob(copying: blobBytes(10))
                let error = await code { try await gallery.take(Spoilt(blob: blob)) }
                #expect(error?.code == .undecodable)
                return inode(of: blob)
            }()
            #expect(try await gallery.openBlobs() == 0)
            await expectNobodyHas(used, "undecodable")
        }
    }

    @Test func `a blob in a message that is never served is let go of`() async throws {
        try await withTestSystem { test in
            let gallery = try await test.spawn(
                Gallery.self, options: SpawnOptions(restart: .temporary, shutdown: .kill))
            let signal = Signal(actorSystem: test.system)
            let serving = Task { try await gallery.sleepForEver(signal) }
            try await signal.waitFor("started")
            let used = try await { () async throws -> UInt64 in
                let blob = try Blob(copying: blobBytes(10))
                let late = await code {
                    try await gallery.call(within: .milliseconds(20)) { try await $0.keep(blob) }
                }
                #expect(late?.code == .deadlineExceeded)
                try await gallery.tell { try await $0.keep(blob) }
                return inode(of: blob)
            }()
            try await test.system.stop(gallery)
            _ = await serving.result
            await expectNobodyHas(used, "never served")
        }
    }

    @Test func `a blob in a message that is cancelled is let go of, sent or not`() async throws {
        var options = SystemOptions()
        options.mailboxMessages = 4
        try await withTestSystem(options: options) { test in
            let gallery = try await test.spawn(Gallery.self)
            let signal = Signal(actorSystem: test.system)
            let serving = Task { try await gallery.sleepForEver(signal) }
            try await signal.waitFor("started")
            let used = try await { () async throws -> UInt64 in
                let blob = try Blob(copying: blobBytes(10))
                // More than there is room for: some are with the receiver, the others wait here.
                let calls = (0..<8).map { _ in Task { try await gallery.keep(blob) } }
                for call in calls { call.cancel() }
                for call in calls {
                    await #expect(throws: CancellationError.self) { try await call.value }
                }
                return inode(of: blob)
            }()
            serving.cancel()
            _ = await serving.result
            #expect(try await gallery.openBlobs() == 0)
            await expectNobodyHas(used, "cancelled")
        }
    }

    @Test
    func `blobs on their way to a process that dies are let go of, and sent again where they were not whole`()
        async throws
    {
        var options = SystemOptions()
        options.stoppedGrace = .seconds(600)
        // A stopped actor grants nothing: the first grant, a part of this, has to do.
        options.mailboxMessages = 32_000
        try await withTestSystem(options: options) { test in
            let gallery = try await test.spawn(Gallery.self)
            let pid = try await gallery.processID()
            Processes.signal(pid, SIGSTOP)
            let used = try await { () async throws -> UInt64 in
                let blob = try Blob(copying: blobBytes(10))
                for _ in 0..<500 { try await gallery.tell { try await $0.keep(blob) } }
                return inode(of: blob)
            }()
            Processes.signal(pid, SIGKILL)
            _ = try await gallery.sumOfKept()
            try await gallery.drop()
            await expectNobodyHas(used, "on its way")
        }
    }

    // MARK: Hostile senders

    @Test(arguments: [true, false])
    func `a descriptor that is no sealed memory is undecodable`(isMemory: Bool) async throws {
        try await withTestSystem { test in
            let gallery = try await test.spawn(Gallery.self)
            let pid = try await gallery.processID()
            let error = await code { _ = try await gallery.makeFake(ofMemory: isMemory) }
            #expect(error?.code == .undecodable && error?.message.contains("sealed") == true)
            #expect(try await gallery.processID() == pid)
            #expect(try await gallery.make(3).array == blobBytes(3))
        }
    }

    /// A frame by hand: its kind, flags, target, the receiver's and the call's number, and the rest.
    private static func frame(_ kind: FrameKind, target: UInt16 = 0, call: UInt32 = 1, _ rest: [UInt8] = [])
        -> [UInt8]
    {
        let writer = ByteWriter()
        writer.appendFixed(UInt32(FrameHeader.size + rest.count))
        FrameHeader(kind: kind, target: target, call: call).write(to: writer)
        return unsafe Array(writer.bytes) + rest
    }

    private static let violations: [(what: String, bytes: [UInt8], descriptors: Int)] = [
        ("descriptors that no frame tells of", frame(.reply, call: 9_999), 1),
        ("descriptors that are told of and do not come", frame(.reply, target: 2, call: 9_999), 0),
        ("fewer descriptors than are told of", frame(.reply, target: 2, call: 9_999), 1),
        ("a piece of nothing", frame(.piece, [1, 2, 3]), 0),
        ("the end of nothing", frame(.abandon), 0),
        ("a message of more than all memory", frame(.large, [UInt8](repeating: 0xFF, count: 8)), 0),
        (
            "a large frame in a large one",
            frame(.large, [12, 0, 0, 0, 0, 0, 0, 0]) + frame(.piece, [UInt8](repeating: 10, count: 12)), 0
        ),
    ]

    @Test(arguments: violations.indices)
    func `frames and descriptors that do not fit end their sender, and nobody else`(_ index: Int) async throws
    {
        let (what, bytes, descriptors) = Self.violations[index]
        try await withTestSystem { test in
            let bad = try await test.spawn(Gallery.self, named: "bad")
            let good = try await test.spawn(Gallery.self, named: "good")
            let pid = try await good.processID()
            let error = await code { try await bad.write(bytes, descriptors: descriptors) }
            #expect(error?.code == .interrupted, "\(what)")
            try await test.events.wait(for: "the sender's end") {
                $0.actor == "bad" && $0.kind == .terminated(.killed(by: .protocolViolation))
            }
            #expect(try await good.processID() == pid)
            #expect(try await bad.make(3).array == blobBytes(3))
        }
    }
}

/// Made in the node.
distributed actor Showcase {
    typealias ActorSystem = ProcessActorSystem
    distributed func sum(_ blob: Blob) -> Int { blob.checksum }
}
