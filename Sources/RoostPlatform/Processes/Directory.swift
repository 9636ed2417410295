internal import CRoost
internal import Glibc

/// What is in a directory, such as one of `/proc`.
package enum Directory {
    /// The names of its entries, without `.` and `..`; none if it cannot be opened.
    package static func names(in path: String) -> [String] {
        guard let directory = unsafe opendir(path) else { return [] }
        defer { unsafe _ = closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe String(cString: roost_entry_name(entry))
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}
