internal import Glibc

/// What the kernel limits for a process.
package enum ResourceLimit: Sendable {
    /// The memory that is mapped, in bytes.
    case addressSpace
    /// One more than the highest descriptor number.
    case openFiles
    /// The size of a core dump, in bytes.
    case coreDump

    /// Limits this process, for good unless it has privileges.
    package func set(to value: Int) throws(SystemError) {
        try set(rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value)))
    }

    /// Allows as much as this process may allow itself.
    package func raise() throws(SystemError) {
        var limit = rlimit()
        guard unsafe getrlimit(number, &limit) == 0 else { throw SystemError("getrlimit") }
        limit.rlim_cur = limit.rlim_max
        try set(limit)
    }

    private func set(_ limit: rlimit) throws(SystemError) {
        var limit = limit
        guard unsafe setrlimit(number, &limit) == 0 else { throw SystemError("setrlimit") }
    }

    private var number: __rlimit_resource_t {
        let resource =
            switch self {
            case .addressSpace: RLIMIT_AS
            case .openFiles: RLIMIT_NOFILE
            case .coreDump: RLIMIT_CORE
            }
        return __rlimit_resource_t(resource.rawValue)
    }
}
