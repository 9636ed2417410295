internal import RoostWire

/// A route that may be no more, and whose it was.
///
/// A class, so that a table of these never moves or copies the weak reference itself.
final class RouteReference: @unchecked Sendable {
    // @unchecked: a weak reference may be read from several threads, and this one is never set again.

    private(set) weak var route: Route?
    let identity: ObjectIdentifier
    let key: ActorKey
    let name: String

    init(_ route: Route) {
        self.route = route
        identity = ObjectIdentifier(route)
        key = route.key
        name = route.name
    }
}
