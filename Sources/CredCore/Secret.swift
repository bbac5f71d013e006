/// Text that must not be shown by accident: a token, a key, a password.
///
/// Its description is `<redacted>`, so that interpolation, `print` and `dump` are harmless.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// The first line of a file or of a password manager's output; `nil` if it is not UTF-8.
    package init?(firstLineOf bytes: [UInt8]) {
        let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        guard let text = String(validating: line, as: UTF8.self) else { return nil }
        self.init(text)
    }

    package var isEmpty: Bool { text.isEmpty }

    /// The text itself. For encoders only: a request body, a reply, a child's environment, a file.
    package func reveal() -> String { text }

    /// The first 16 hexadecimal digits of the text's SHA-256, which identify a secret without
    /// revealing it.
    package var fingerprint: String {
        String(SHA256.hexadecimalDigest(of: Array(text.utf8)).prefix(16))
    }

    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
}

#if !hasFeature(Embedded)
    extension Secret: CustomReflectable {
        /// No children, because `dump` shows stored properties whatever the description is.
        package var customMirror: Mirror { Mirror(self, children: []) }
    }
#endif
