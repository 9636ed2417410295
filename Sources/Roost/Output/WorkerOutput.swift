/// Where the standard output and error of the actors' processes go.
///
/// ```swift
/// var options = SystemOptions()
/// options.output = .inherited      // the workers write as the program itself does
/// ```
///
/// Whatever is chosen, an actor that lives in the node's own process (``SystemOptions/SpawnMethod/inProcess``)
/// shares the node's streams.
public enum WorkerOutput: Sendable, Hashable {
    /// To the node's own standard output and error, line by line, each as `[name] line`.
    ///
    /// A line arrives whole, however many processes write at once; one without an end is completed at the
    /// end of its process, and one of more than 8 KiB is cut into several. What a process wrote is written
    /// out before its end is told. When the node's own output is not read, 1 MiB is kept and lines beyond
    /// it are dropped and counted; neither the node nor the actors wait for the reader.
    case prefixed
    /// To the node's own standard output and error, directly: the processes have the same descriptors.
    case inherited
    /// Nowhere.
    case discarded
}
