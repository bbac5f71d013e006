package import CredCore
import Glibc

/// stdin, stdout, stderr.
package enum StandardStreams {
    /// Writes the answer, all of it. Fails with kind `.failed`.
    package static func write(_ text: Secret) throws(Failure) {
        if let error = Descriptor.write(Array(text.reveal().utf8), to: 1) {
            throw Failure(.failed, "cannot write to standard output", because: error.reason)
        }
    }

    /// Tells a person something; there is nobody to tell should it fail.
    package static func writeError(_ text: String) {
        _ = Descriptor.write(Array(text.utf8), to: 2)
    }

    package static var errorIsTerminal: Bool { isatty(2) == 1 }

    /// Standard input up to an empty line or its end, at most 1 MiB: who asks may keep the pipe open.
    /// Fails with kind `.failed`.
    package static func readRequest() throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count <= JSONValue.maximumByteCount {
            switch Descriptor.readChunk(0, upTo: 65_536) {
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

    /// All of standard input, at most 1 MiB. Fails with kind `.failed`.
    package static func readInput() throws(Failure) -> [UInt8] {
        switch Descriptor.readToEnd(0, limit: JSONValue.maximumByteCount) {
        case .bytes(let bytes): return bytes
        case .tooLarge:
            throw Failure(.failed, "cannot read standard input", because: "it is larger than 1 MiB")
        case .failed(let error):
            throw Failure(.failed, "cannot read standard input", because: error.reason)
        }
    }
}
