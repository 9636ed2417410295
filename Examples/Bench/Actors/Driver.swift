import Distributed
import Roost

/// The calling side of a measurement between two workers: does in its process what it is told to.
distributed actor Driver: ProcessActor {
    distributed func timeCalls(to echo: Echo, count: Int, size: Int) async throws -> Percentiles {
        Percentiles(try await Bench.timeCalls(to: echo, count: count, size: size))
    }

    distributed func sendMessages(to sink: Sink, count: Int, size: Int) async throws -> Interval {
        try await Bench.sendMessages(to: sink, count: count, size: size)
    }

    distributed func sendElements(
        to address: MailboxAddress<[UInt8]>, count: Int, size: Int
    ) async throws -> Interval {
        try await Bench.sendElements(to: address, count: count, size: size)
    }

    distributed func keepInFlight(
        _ flight: Int, calls: Int, to echo: Echo, size: Int
    ) async throws -> Interval {
        try await Bench.keepInFlight(flight, calls: calls, to: echo, size: size)
    }
}
