extension String {
    /// Its beginning, when it is longer than people read: what others wrote is kept in events and reports.
    func cut(to limit: Int = 4_096) -> String {
        if utf8.count <= limit { return self }
        return String(decoding: utf8.prefix(limit), as: UTF8.self) + " …"
    }
}
