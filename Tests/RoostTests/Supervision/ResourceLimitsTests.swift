import Distributed
import Glibc
import RoostTesting
import Testing

@testable import Roost

// nonisolated(unsafe): written before the actor is made.
nonisolated(unsafe) private var limitWhenPrepared: UInt64 = 0

/// Uses what it is told to use.
distributed actor Consumer: ProcessActor {
    private static func softLimit(_ resource: __rlimit_resource) -> UInt64 {
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit)
        return UInt64(limit.rlim_cur)
    }

    static func prepareProcess() async throws { unsafe limitWhenPrepared = softLimit(RLIMIT_NOFILE) }

    distributed func openFilesWhenPrepared() -> UInt64 { unsafe limitWhenPrepared }
    distributed func coreSize() -> UInt64 { Self.softLimit(RLIMIT_CORE) }
    distributed func addressSpace() -> UInt64 { Self.softLimit(RLIMIT_AS) }
    /// Whether so much memory can be had.
    distributed func canMap(_ bytes: Int) -> Bool {
        let memory = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard unsafe memory != MAP_FAILED else { return false }
        unsafe munmap(memory, bytes)
        return true
    }
    /// How many files can be opened, and the error after that.
    distributed func openAll() -> [Int] {
        var opened: [Int32] = []
        defer { for file in opened { close(file) } }
        while true {
            let file = unsafe open("/dev/null", O_RDONLY)
            guard file >= 0 else { return [opened.count, Int(errno)] }
            opened.append(file)
        }
    }
    /// Uses the memory for as long as it lives.
    distributed func fill(_ bytes: Int) async {
        let memory = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        if let memory = unsafe memory { unsafe _ = memset(memory, 1, bytes) }
        while true { await Task.yield() }
    }
}

@Suite struct ResourceLimitsTests {
    @Test func `no limit is exceeded by any memory, and a limit by more than it says`() {
        #expect(!ResourceLimits().isExceeded(byResident: .max))
        let limits = ResourceLimits(residentMemory: 100)
        #expect(!limits.isExceeded(byResident: 100))
        #expect(limits.isExceeded(byResident: 101))
    }

    @Test func `a process can map and open no more than its limits`() async throws {
        try await withTestSystem { test in
            let limits = ResourceLimits(addressSpace: 8 << 30, openFiles: 64)
            let actor = try await test.spawn(Consumer.self, options: SpawnOptions(limits: limits))
            #expect(try await actor.addressSpace() == 8 << 30)
            #expect(try await actor.canMap(16 << 20))
            #expect(try await !actor.canMap(8 << 30))
            // Set before the type prepares its process.
            #expect(try await actor.openFilesWhenPrepared() == 64)
            let opened = try await actor.openAll()
            #expect(opened[0] < 64 && opened[0] > 32 && opened[1] == Int(EMFILE))
        }
    }

    @Test func `there are no core dumps unless they are asked for`() async throws {
        var hard = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &hard)
        let allowed = UInt64(hard.rlim_max)
        try await withTestSystem { test in
            let quiet = try await test.spawn(Consumer.self)
            #expect(try await quiet.coreSize() == 0)
            let options = SpawnOptions(limits: ResourceLimits(coreDumps: true))
            let dumping = try await test.spawn(Consumer.self, options: options)
            #expect(try await dumping.coreSize() == allowed)
        }
    }

    @Test func `a process over its limit of resident memory is killed and replaced`() async throws {
        try await withTestSystem { test in
            let options = SpawnOptions(limits: ResourceLimits(residentMemory: 256 << 20))
            let actor = try await test.spawn(Consumer.self, named: "c", options: options)
            let neighbour = try await test.spawn(Consumer.self, named: "n", options: options)
            let watch = try await test.system.watch(actor)
            let neighbourID = try await test.processID(of: "n")
            await #expect { try await actor.fill(512 << 20) } throws: {
                ($0 as? RemoteCallError)?.code == .interrupted
            }
            #expect(try await watch.value == .killed(by: .memoryLimit))
            #expect(try await actor.coreSize() == 0)
            #expect(try await neighbour.coreSize() == 0)
            #expect(try await test.processID(of: "n") == neighbourID)
        }
    }

    @Test func `actors in the node's own process limit nothing`() async throws {
        try await withTestSystem { test in
            let options = SpawnOptions(
                method: .inProcess, limits: ResourceLimits(openFiles: 64, residentMemory: 1))
            let actor = try await test.spawn(Consumer.self, options: options)
            #expect(try await actor.openFilesWhenPrepared() != 64)
        }
    }

    @Test func `a limit that cannot be set fails the start`() async throws {
        // Above the kernel's own bound for descriptors nobody may go.
        try await withTestSystem { test in
            let options = SpawnOptions(limits: ResourceLimits(openFiles: .max))
            await #expect {
                _ = try await test.spawn(Consumer.self, options: options)
            } throws: {
                let error = $0 as? SpawnError
                return error?.code == .resources && error?.message.contains("setrlimit") == true
            }
        }
    }
}
