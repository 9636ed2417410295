import Distributed
import Roost

/// Reads blobs.
distributed actor Reader: ProcessActor {
    private var kept: [Blob] = []

    /// Reads a blob, and ends.
    distributed func readAndEnd(_ blob: Blob) -> [UInt8] {
        context.stop()
        return bytes(of: blob)
    }

    /// Takes bytes out of a blob, and sends them back in another one.
    distributed func sendBack(_ blob: Blob) throws -> Blob { try Blob(copying: bytes(of: blob)) }

    distributed func keep(_ blobs: [Blob]) { kept += blobs }

    private func bytes(of blob: Blob) -> [UInt8] {
        unsafe blob.withUnsafeBytes { unsafe Array($0) }
    }
}
