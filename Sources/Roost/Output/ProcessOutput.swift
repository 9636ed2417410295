internal import RoostPlatform

/// The standard output and error of one worker, as the node reads them.
///
/// Belongs to the node's loop.
final class ProcessOutput {
    fileprivate(set) var readers: [OutputReader] = []
    fileprivate(set) var errors = RecentLines()

    /// The last lines of standard error.
    var lastErrors: [String] { errors.texts }

    /// The process is gone: takes in everything it wrote, and closes.
    func finish() {
        for reader in readers { reader.finish() }
        readers = []
    }
}

/// The node's side of its workers' streams: opens their pipes and writes what comes out of them.
///
/// Belongs to the node's loop.
@safe final class OutputStreams {
    // @safe: the room is freed after the last reader has closed.

    static let roomSize = 64 * 1_024

    private let mode: WorkerOutput
    private let loop: EventLoop
    private let room: UnsafeMutableRawBufferPointer
    private let lineOutput: OutputWriter
    private let lineErrors: OutputWriter

    init(_ options: SystemOptions, loop: EventLoop) {
        mode = options.output
        self.loop = loop
        unsafe room = .allocate(byteCount: Self.roomSize, alignment: 16)
        lineOutput = OutputWriter(descriptor: options.outputDescriptors.output)
        lineErrors = OutputWriter(descriptor: options.outputDescriptors.error)
    }

    deinit {
        unsafe room.deallocate()
    }

    /// Makes the streams of a new process.
    ///
    /// - Parameter name: what its lines begin with.
    /// - Returns: what is read from them, and the descriptors for its standard output and error, which
    ///   the caller closes; none for a process that is to have the node's own.
    /// - Throws: `SystemError` when there is no descriptor left.
    func open(for name: String) throws(SystemError) -> (ProcessOutput, [Int32]) {
        let process = ProcessOutput()
        guard mode != .inherited else { return (process, []) }
        let prefix = Array("[\(Self.printable(name))] ".utf8)
        let output: Descriptor
        if mode == .prefixed {
            output = try openPipe(of: process) { [lineOutput] lines, _ in
                lineOutput.write(lines.map { prefix + $0 + [UInt8(ascii: "\n")] })
            }
        } else {
            output = Descriptor(owning: try OutputPipe.openNull())
        }
        let errors = try openPipe(of: process) { [lineErrors, mode] lines, process in
            for line in lines { process.errors.add(line) }
            guard mode == .prefixed else { return }
            lineErrors.write(lines.map { prefix + $0 + [UInt8(ascii: "\n")] })
        }
        return (process, [output.release(), errors.release()])
    }

    private func openPipe(
        of process: ProcessOutput, _ onLines: @escaping ([[UInt8]], ProcessOutput) -> Void
    ) throws(SystemError) -> Descriptor {
        let (reading, writing) = try OutputPipe.open()
        let end = Descriptor(owning: writing)
        let reader = try unsafe OutputReader(Descriptor(owning: reading), loop: loop, room: room) {
            [unowned process] in onLines($0, process)
        }
        process.readers.append(reader)
        return end
    }

    // A name may be any string, and a line must stay one.
    private static func printable(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
    }

    /// Writes the node's own words on an end to its standard error, after what was written there before.
    func report(_ text: String) {
        lineErrors.write([Array(text.utf8)])
    }

    /// Calls `action`, on the loop, once everything that came so far has been written, or after 1 s.
    ///
    /// While a stream does not move at all only the first one waits.
    func whenWritten(_ action: @escaping () -> Void) {
        let wait = WrittenWait(loop: loop, action)
        lineOutput.whenWritten { wait.written() }
        lineErrors.whenWritten { wait.written() }
        wait.begin(.seconds(1)) { [lineOutput, lineErrors] in
            lineOutput.waitedInVain()
            lineErrors.waitedInVain()
        }
    }

    /// Writes the rest, in the background.
    func close() {
        lineOutput.close()
        lineErrors.close()
    }
}
