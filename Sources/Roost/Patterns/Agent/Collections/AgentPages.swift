internal import Distributed

/// The elements of a collection that an ``Agent`` holds, a page at a time: one call each.
///
/// ```swift
/// for try await page in numbers.pages(of: 1_000) { sum += page.reduce(0, +) }
/// ```
/// It is no snapshot: what others change meanwhile may be seen or not. For that there is ``Agent/value``.
public struct AgentPages<Page: Sendable>: AsyncSequence, Sendable {
    /// Some of the elements, never none.
    public typealias Element = Page

    /// Begins, and gives what reads the page with a number; nil after the last.
    let begin: @Sendable () async throws -> @Sendable (Int) async throws -> Page?

    /// Begins at the first page.
    public func makeAsyncIterator() -> Iterator {
        Iterator(begin: begin)
    }

    /// Gives out pages.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let begin: @Sendable () async throws -> @Sendable (Int) async throws -> Page?
        private var read: (@Sendable (Int) async throws -> Page?)?
        private var number = 0

        fileprivate init(begin: @escaping @Sendable () async throws -> @Sendable (Int) async throws -> Page?)
        {
            self.begin = begin
        }

        /// The next page; nil when there are no more.
        ///
        /// - Throws: ``RemoteCallError``, as any call; it can be asked again afterwards, and goes on where it was.
        public mutating func next() async throws -> Page? {
            try await next(isolation: nil)
        }

        /// The next page; nil when there are no more.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> Page? {
            if read == nil { read = try await begin() }
            guard let page = try await read?(number) else { return nil }
            number += 1
            return page
        }
    }
}
