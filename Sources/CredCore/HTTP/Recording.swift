/// How to send a request whose answer must not be lost, whatever happens to this process: the
/// transport writes the answer to a file by itself, and keeps a lock until it has.
package struct Recording: Hashable, Sendable {
    /// The descriptor of the file, at its beginning.
    package let output: Int32
    /// The descriptor of the lock.
    package let lock: Int32

    package init(output: Int32, lock: Int32) {
        self.output = output
        self.lock = lock
    }
}
