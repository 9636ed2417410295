internal import CRoost
internal import Glibc

/// What a process can ask and do about itself.
package enum CurrentProcess {
    package static var id: Int32 { getpid() }

    /// How many processors are online; at least 1.
    package static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    package static func variable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    /// Ends the process, running exit handlers and flushing standard output.
    package static func exit(_ code: Int32) -> Never {
        Glibc.exit(code)
    }

    /// Ends the process as SIGTERM does, if that signal has come and no node wants to hear of it any more.
    package static func terminate() {
        roost_terminate()
    }

    /// Whether orphans become children of this process, as it is with process 1.
    package static var inheritsOrphans: Bool { roost_inherits_orphans() != 0 }

    /// A worker's standard output line by line, so that what it printed survives its being killed.
    package static func lineBufferOutput() {
        roost_line_buffer_output()
    }

    /// Raises the limit of open descriptors as far as the process may, and says what it is then.
    ///
    /// A worker takes the node five: more than two hundred workers would not fit into the usual 1,024.
    @discardableResult
    package static func raiseDescriptorLimit() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        let former = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        let raised = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        return Int(clamping: raised ? limit.rlim_cur : former)
    }

    package static func yieldProcessor() {
        sched_yield()
    }

    /// Writes a line to standard error, whole.
    package static func printError(_ line: String) {
        var text = line + "\n"
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while unsafe !rest.isEmpty {
                let written = retryingInterrupts { unsafe write(2, rest.baseAddress, rest.count) }
                if written <= 0 { return }
                unsafe rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
        }
    }
}
