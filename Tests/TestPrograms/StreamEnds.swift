internal import CTestPrograms
internal import Glibc
internal import Synchronization

/// A descriptor that is closed at the end.
struct ProgramEnd: ~Copyable {
    let number: Int32
    let isOwned: Bool

    deinit { if isOwned { close(number) } }
}

/// The two ends of a standard stream: the program's, which is closed here once it has been started, and the
/// test's.
struct StreamEnds: ~Copyable {
    enum Kind { case input, output, errors }

    let program: ProgramEnd
    let test: TestEnd

    init(_ stream: TestProgram.Stream, _ kind: Kind) throws(TestProgramError) {
        switch stream {
        case .inherited:
            program = ProgramEnd(number: -1, isOwned: false)
            test = TestEnd(nil)
        case .descriptor(let number):
            program = ProgramEnd(number: number, isOwned: false)
            test = TestEnd(nil)
        case .null:
            let null = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
            guard null >= 0 else { throw TestProgramError("open of /dev/null", errno) }
            program = ProgramEnd(number: null, isOwned: true)
            test = TestEnd(nil)
        case .pipe:
            var ends: [Int32] = [-1, -1]
            guard unsafe test_pipe(&ends) == 0 else { throw TestProgramError("pipe2", errno) }
            program = ProgramEnd(number: kind == .input ? ends[0] : ends[1], isOwned: true)
            test = TestEnd(kind == .input ? ends[1] : ends[0])
        }
    }
}

/// The test's end of a pipe.
final class TestEnd: Sendable {
    fileprivate struct State {
        var descriptor: Int32?
        var unread: [UInt8] = []
    }

    private let state: Mutex<State>

    init(_ descriptor: Int32?) {
        state = Mutex(State(descriptor: descriptor))
    }

    deinit { close() }

    func close() {
        state.withLock {
            if let descriptor = $0.descriptor { Glibc.close(descriptor) }
            $0.descriptor = nil
        }
    }

    func write(_ bytes: [UInt8]) throws(TestProgramError) {
        try state.withLock { state throws(TestProgramError) in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = unsafe rest.withUnsafeBytes {
                    unsafe Glibc.write(state.descriptor ?? -1, $0.baseAddress, $0.count)
                }
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw TestProgramError("write", errno) }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// The bytes before the next `mark`; nil when there is none any more.
    func read(through mark: UInt8) -> [UInt8]? {
        state.withLock { state in
            var searched = 0
            while true {
                if let place = state.unread[searched...].firstIndex(of: mark) {
                    defer { state.unread.removeFirst(place + 1) }
                    return Array(state.unread[..<place])
                }
                searched = state.unread.count
                guard state.readMore() else { return nil }
            }
        }
    }

    /// The bytes up to the end.
    func readToEnd() -> [UInt8] {
        state.withLock { state in
            while state.readMore() {}
            defer { state.unread = [] }
            return state.unread
        }
    }
}

extension TestEnd.State {
    /// Waits for more bytes; false at the end.
    fileprivate mutating func readMore() -> Bool {
        guard let descriptor else { return false }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            unread += buffer[..<count]
            return true
        }
    }
}
