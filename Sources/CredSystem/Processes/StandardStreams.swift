import CLinux
package import CredCore

/// The standard streams.
package enum StandardStreams {
    /// Writes all of the text to standard output. Fails with kind `.failed`.
    package static func write(_ text: Secret) throws(Failure) {
        var text = text.reveal()
        if let error = text.withUTF8({ Descriptor.write($0, to: 1) }) {
            throw Failure(.failed, "cannot write to standard output", because: error.reason)
        }
    }

    /// Writes to standard error; an error is ignored, because there is nobody to report it to.
    package static func writeError(_ text: String) {
        _ = Descriptor.write(Array(text.utf8), to: 2)
    }

    package static var errorIsTerminal: Bool { isatty(2) == 1 }

    /// The number of columns if standard output is a terminal, 80 if it does not say; `nil` if it
    /// is not.
    package static var outputColumnCount: Int? {
        guard isatty(1) == 1 else { return nil }
        return Terminal.columnCount(1)
    }

    /// Whether what is written to standard error goes anywhere.
    package static var errorIsKept: Bool {
        var (error, nothing) = (stat(), stat())
        guard fstat(2, &error) == 0, stat("/dev/null", &nothing) == 0 else { return false }
        return error.st_rdev != nothing.st_rdev
    }

    /// Whether standard input is a terminal, where typed text is visible.
    package static var inputIsTerminal: Bool { isatty(0) == 1 }

    /// Reads standard input up to an empty line or its end, at most 1 MiB; the caller may keep the
    /// pipe open. Fails with kind `.failed`.
    package static func readRequest() throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count <= JSONValue.maximumByteCount {
            // A request of git has a few hundred bytes, and memory costs more than another call.
            switch Descriptor.readChunk(0, upTo: 4096) {
            case .bytes(let chunk):
                // An empty line may begin in one chunk and end in the next.
                let start = max(bytes.count - 1, 0)
                bytes += chunk
                let recent = bytes[start...]
                let hasEmptyLine = zip(recent, recent.dropFirst()).contains { $0 == (0x0A, 0x0A) }
                if bytes.first == 0x0A || hasEmptyLine { return bytes }
            case .end: return bytes
            case .nothingYet: SystemClock.sleep(milliseconds: 5)
            case .failed(let error):
                throw Failure(.failed, "cannot read standard input", because: error.reason)
            }
        }
        throw Failure(.failed, "cannot read standard input", because: "it is larger than 1 MiB")
    }

    /// Reads all of standard input, at most 1 MiB.
    ///
    /// - Parameter deadline: when it must have ended, in milliseconds of `SystemClock.uptime()`.
    ///
    /// Fails with kind `.failed`.
    package static func readInput(until deadline: Int64 = .max) throws(Failure) -> [UInt8] {
        let event = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        var bytes: [UInt8] = []
        while bytes.count <= JSONValue.maximumByteCount {
            guard Descriptor.ready([event], until: deadline).contains(0) else {
                if SystemClock.uptime() < deadline { continue }
                throw Failure(
                    .failed, "cannot read standard input",
                    because: "timed out waiting for the end of the input")
            }
            switch Descriptor.readChunk(0, upTo: 65_536) {
            case .bytes(let chunk): bytes += chunk
            case .end: return bytes
            case .nothingYet: break
            case .failed(let error):
                throw Failure(.failed, "cannot read standard input", because: error.reason)
            }
        }
        throw Failure(.failed, "cannot read standard input", because: "it is larger than 1 MiB")
    }
}
