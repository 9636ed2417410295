/// A view of text with readable zero bytes after its end.
///
/// The padding lets a scanner load whole registers without asking at each step how many bytes are left: a zero
/// byte ends a word in either mode. It is a view: whoever made it keeps the memory alive while it is used.
@safe struct PaddedBytes {
    /// How many zero bytes follow the text.
    static let padding = 16

    let start: UnsafeRawPointer
    let count: Int

    /// A view of `count` bytes at `start`, after which ``padding`` more are readable and zero.
    @unsafe
    init(start: UnsafeRawPointer, count: Int) {
        unsafe self.start = unsafe start
        self.count = count
    }
}
