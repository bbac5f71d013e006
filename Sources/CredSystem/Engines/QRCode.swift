import CredCore

/// A QR code, drawn by the `qrencode` program if it is installed.
package enum QRCode {
    package enum Drawing: Hashable, Sendable {
        /// Lines of block characters with colours, black on white on any terminal. The width is the
        /// number of columns: 33 for a short URL, up to 181 for a long one.
        case drawn(String)
        /// The terminal is too narrow: a telephone cannot read a code with broken lines.
        case tooWide(columnCount: Int)
        /// `qrencode` is not installed.
        case missing
        case failed(String)
    }

    /// - Parameter columnCount: the maximum width in columns.
    package static func draw(_ content: String, within columnCount: Int) -> Drawing {
        let child = Child(
            "qrencode", ["-t", "ANSIUTF8", "-m", "2"],
            environment: ProcessEnvironment.entries(["PATH"]), input: Secret(content),
            timeLimit: 5000)
        switch child.run() {
        case .exited(0, let output, _):
            guard let text = String(validating: output, as: UTF8.self) else {
                return .failed("the output of 'qrencode' is not UTF-8")
            }
            let width = Self.columnCount(text)
            return width <= columnCount ? .drawn(text) : .tooWide(columnCount: width)
        case .exited(let status, _, ""): return .failed("'qrencode' exited with status \(status)")
        case .exited(_, _, let line): return .failed("'qrencode' says '\(line)'")
        case .killed(let signal): return .failed("'qrencode' was killed by signal \(signal)")
        case .timedOut: return .failed("'qrencode' timed out")
        case .wroteTooMuch: return .failed("'qrencode' wrote more than 1 MiB")
        case .notFound: return .missing
        case .notStarted(let error): return .failed("cannot start 'qrencode': \(error.reason)")
        }
    }

    /// The width of the widest line, without escape sequences.
    private static func columnCount(_ text: String) -> Int {
        let widths = text.split(separator: "\n").map { line in
            let parts = line.split(separator: "\u{1B}", omittingEmptySubsequences: false)
            let colored = parts.dropFirst().map { $0.drop { $0 != "m" }.dropFirst().count }
            return colored.reduce(parts[0].count, +)
        }
        return widths.max() ?? 0
    }
}
