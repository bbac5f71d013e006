import CredCore

/// A picture of a text that a telephone reads, drawn by the `qrencode` program where there is one.
package enum QRCode {
    /// Lines of block characters with their own colours, black on white on any terminal. Each is
    /// shown as wide as the code: 33 columns for a short URL, up to 181 for a long one.
    ///
    /// `nil` without the program, or if the text is too long for any code.
    package static func text(for content: String) -> String? {
        let child = Child(
            "qrencode", ["-t", "ANSIUTF8", "-m", "2"],
            environment: ProcessEnvironment.entries(["PATH"]), input: Secret(content),
            timeLimit: 5000)
        guard case .exited(0, let output, _) = child.run() else { return nil }
        return String(validating: output, as: UTF8.self)
    }
}
