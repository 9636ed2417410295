internal import CRoost
internal import Glibc

/// A worker's side of crash records: what is being served, for a signal handler to tell.
///
/// Plain stores, for every message: all but ``record()`` belongs to the worker's only thread.
package enum CrashRecorder {
    /// Has a crash of this process, a worker, tell the node about it.
    package static func record() {
        roost_record_crashes()
    }

    /// From now on the handler is told what is being served; only where one thread serves everything.
    package static func track() {
        roost_serving_track()
    }

    /// Whether a process is to tell of its end by this signal.
    package static func tells(of signal: Int32) -> Bool {
        [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP].contains(signal)
    }

    package static var isTracking: Bool { roost_serving_is_tracked() != 0 }

    /// A message is begun.
    package static func begin(_ target: TargetText?, owner: UInt64, number: UInt64, hasSender: Bool) {
        unsafe roost_serving_begin(target?.text, owner, number, hasSender ? 1 : 0)
    }

    /// So many messages wait behind it.
    package static func setWaiting(_ count: Int) {
        roost_serving_waiting(UInt32(clamping: count))
    }

    /// The message under way, to come back to.
    package static var now: Serving { unsafe Serving(raw: roost_serving_now()) }

    /// The message on top of this one has ended.
    package static func again(_ outer: Serving) {
        unsafe roost_serving_again(outer.raw)
    }

    /// No message is under way.
    package static func end() {
        roost_serving_end()
    }

    /// What was being served at some moment.
    @safe package struct Serving {
        // @safe: the text it points to belongs to a target, which is never freed.
        fileprivate let raw: roost_serving
    }
}

/// The name of a target where a signal handler can read it; never freed.
@safe package struct TargetText: @unchecked Sendable {
    // @unchecked: never changes. @safe: never freed.
    fileprivate let text: UnsafeMutablePointer<CChar>

    /// Copies the name; nil when there is no memory.
    package init?(_ name: String) {
        guard let copy = unsafe strdup(name) else { return nil }
        unsafe text = copy
    }
}

/// What a worker told in the moment it crashed.
package struct CrashRecord: Equatable, Sendable {
    package var processID: Int32
    package var signal: Int32
    /// The target of the message being served, as it is called on the wire; nil when there was none.
    package var target: String?
    /// The actor that sent the message.
    package var sender: Sender?
    /// How many messages had been begun.
    package var count: Int
    /// How many waited; nil when the worker does not keep account of what it serves.
    package var waiting: Int?
    /// Whether a ``CopyRecord`` follows, unless the worker is killed before it.
    package var makesBacktrace: Bool

    package struct Sender: Equatable, Sendable {
        package var owner: UInt64
        package var number: UInt64
    }

    fileprivate init(_ record: roost_crash_record) {
        processID = record.pid
        signal = record.signal
        count = Int(clamping: record.count)
        makesBacktrace = record.makes_backtrace != 0
        if record.is_tracking != 0 { waiting = Int(record.waiting) }
        guard record.is_tracking != 0, record.has_target != 0 else { return }
        target = unsafe withUnsafeBytes(of: record.target) {
            unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if record.has_sender != 0 {
            sender = Sender(owner: record.sender_owner, number: record.sender_number)
        }
    }
}

/// What a crashed worker told about the copy of itself that makes its backtrace.
package struct CopyRecord: Equatable, Sendable {
    /// The worker's.
    package var processID: Int32
    /// The copy, or why there is none.
    package var copy: Result<BacktraceCopy, SystemError>

    fileprivate init(_ record: roost_copy_record) {
        processID = record.pid
        copy =
            record.error == 0
            ? .success(BacktraceCopy(processID: record.copy, descriptor: record.descriptor))
            : .failure(SystemError("clone3", record.error))
    }
}

/// The node's side: all workers of a node tell their crashes in one pipe.
package struct CrashPipe: ~Copyable, Sendable {
    package let reading: Descriptor
    package let writing: Descriptor

    package init() throws(SystemError) {
        var reading: Int32 = -1
        var writing: Int32 = -1
        let error = unsafe roost_crash_pipe(&reading, &writing)
        guard error == 0 else { throw SystemError("pipe2", error) }
        self.reading = Descriptor(owning: reading)
        self.writing = Descriptor(owning: writing)
    }

    /// What a worker tells.
    package enum Record: Equatable, Sendable {
        case crash(CrashRecord)
        case copy(CopyRecord)
    }

    /// The next record; nil when there is none now.
    package func next() -> Record? {
        var crash = roost_crash_record()
        var copy = roost_copy_record()
        switch unsafe roost_next_crash(reading.raw, &crash, &copy) {
        case 1: return .crash(CrashRecord(crash))
        case 2: return .copy(CopyRecord(copy))
        default: return nil
        }
    }
}
