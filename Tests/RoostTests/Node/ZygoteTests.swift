import RoostPlatform
import Testing

@testable import Roost

@Suite struct ZygoteTests {
    /// Everything that happens in the test below; belongs to its loop.
    private final class Scene: @unchecked Sendable {
        // @unchecked: see above.

        let loop: EventLoop
        let crashes: CrashPipe
        var replaced = 0
        var ended = 0
        var zygote: Zygote?
        var handles: [ProcessHandle] = []

        init() throws {
            loop = try EventLoop()
            crashes = try CrashPipe()
        }

        /// Starts a zygote, and closes it while it is handling the answer to a fork.
        func play() throws {
            let zygote = Zygote(loop: loop, crashes: crashes.writing.raw) { [unowned self] _ in
                replaced += 1
            }
            self.zygote = zygote
            try zygote.start()
            let (near, far) = try Sockets.pair(.stream).ends()
            zygote.fork(control: far, output: []) { [unowned self] result in
                zygote.close()
                // The worker ends when its socket does.
                Descriptor(owning: near).close()
                for pid in [try? result.get(), zygote.pid] { waitForEnd(of: pid) }
            }
        }

        private func waitForEnd(of pid: Int32?) {
            guard let pid else { return loop.stop() }
            let handle = try? ProcessHandle(pid, loop: loop) { [unowned self] in
                // A handle stays ready: later looks find nothing.
                guard (try? ChildProcess.reap(pid)) != nil else { return }
                ended += 1
                if ended == 2 { loop.stop() }
            }
            if let handle { handles.append(handle) }
        }
    }

    @Test func `a zygote that is closed while it answers is not replaced`() async throws {
        let scene = try Scene()
        await withCheckedContinuation { continuation in
            do {
                try RuntimeThread.start(named: "zygote-test") {
                    do { try scene.play() } catch { scene.loop.stop() }
                    scene.loop.run()
                    continuation.resume()
                }
            } catch {
                continuation.resume()
            }
        }
        #expect(scene.ended == 2)
        #expect(scene.replaced == 0)
    }
}
