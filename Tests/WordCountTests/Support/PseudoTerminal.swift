import Glibc

@testable import WordCount

/// A terminal that nobody sits at.
struct PseudoTerminal {
    /// The end on which a person would read.
    let viewer: Int32
    /// The end that a program takes for a terminal.
    let terminal: Int32

    init(columns: UInt16) throws {
        viewer = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        // `posix_openpt` and its relatives are not in Swift's Glibc: these are what they do, TIOCSPTLCK and TIOCGPTN.
        var lock: Int32 = 0
        var number: UInt32 = 0
        guard viewer >= 0, unsafe ioctl(viewer, 0x4004_5431, &lock) == 0,
            unsafe ioctl(viewer, 0x8004_5430, &number) == 0
        else {
            throw SystemError.last
        }
        terminal = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { throw SystemError.last }
        var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard unsafe ioctl(terminal, UInt(TIOCSWINSZ), &size) == 0 else { throw SystemError.last }
    }
}
