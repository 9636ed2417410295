import RoostTesting

/// What this process has of the operating system.
struct Footprint: CustomStringConvertible {
    let descriptors = Processes.openDescriptors
    let threads = Processes.threads
    let children = Processes.children.count
    let memory = Processes.residentKibibytes

    var description: String {
        "\(descriptors) descriptors, \(threads) threads, \(children) children, \(memory) KiB"
    }
}
