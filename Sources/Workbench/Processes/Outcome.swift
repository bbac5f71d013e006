import Glibc

/// The result of a command: everything that its caller can see.
package struct Outcome: Sendable {
    package let output: [UInt8]
    package let errors: String
    package let end: End

    package enum End: Hashable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
        /// It was still running, or its output was still open, at the deadline.
        case timedOut

        /// The exit status; for a signal 128 plus its number, as in shells.
        package var status: Int32 {
            switch self {
            case .exited(let status): status
            case .killed(let signal): 128 + signal
            case .timedOut: 128 + SIGKILL
            }
        }
    }

    package init(output: [UInt8], errors: String, end: End) {
        self.output = output
        self.errors = errors
        self.end = end
    }

    /// What a test expects.
    package init(_ text: String = "", errors: String = "", status: Int32 = 0) {
        self.init(output: Array(text.utf8), errors: errors, end: .exited(status))
    }

    package var status: Int32 { end.status }

    package var text: String { String(decoding: output, as: UTF8.self) }

    /// `text` without the line end that a shell's `$(...)` would drop too.
    package var line: String { text.hasSuffix("\n") ? String(text.dropLast()) : text }

    package var lines: [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    /// The three documented parts of a failed command's message, each without its label.
    package var errorParts: [String] {
        errors.split(separator: "\n").map { line in
            String(line.trimmingPrefix("planet-cred: "))
        }
    }
}

extension Outcome: Equatable {}

extension Outcome: CustomStringConvertible {
    package var description: String { "\(end)\nstdout: \(text)\nstderr: \(errors)" }
}
