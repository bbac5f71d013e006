/// An environment variable that `exec` sets for its child: `NAME` or `NAME=TEMPLATE`.
package struct EnvironmentVariable: Hashable, Sendable {
    package let name: String
    private let parts: [Part]

    private enum Part: Hashable, Sendable {
        case text(String)
        case placeholder(Placeholder)
    }

    /// The placeholders that a template may contain, in braces.
    package enum Placeholder: String, Hashable, Sendable, CaseIterable {
        case token
        /// The value of the `Authorization` header, `Bearer ...`.
        case authorization
        /// Seconds since 1970; empty if the credential does not expire.
        case expiresAt = "expires_at"
        case profile
    }

    /// Parses a template; fails with kind `kind` if the name is invalid or a placeholder is
    /// unknown.
    package init(name: String, template: String = "{token}", kind: Failure.Kind) throws(Failure) {
        let bytes = Array(name.utf8)
        guard let first = bytes.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
            bytes.allSatisfy(Self.isNameCharacter)
        else { throw Failure(kind, "invalid environment variable name '\(name)'") }
        self.name = name
        var parts: [Part] = []
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}"),
                let placeholder = Placeholder(
                    rawValue: String(rest[open...].dropFirst().prefix { $0 != "}" }))
            else {
                let names = Placeholder.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", ")
                throw Failure(
                    kind, "unknown placeholder in the template of '\(name)'",
                    because: "the placeholders are \(names)")
            }
            parts.append(.text(String(rest[..<open])))
            parts.append(.placeholder(placeholder))
            rest = rest[rest.index(after: close)...]
        }
        parts.append(.text(String(rest)))
        guard !template.utf8.contains(0) else {
            throw Failure(kind, "the template of '\(name)' contains a NUL byte")
        }
        self.parts = parts
    }

    /// The value, with each placeholder replaced.
    package func value(_ replace: (Placeholder) -> String) -> Secret {
        Secret(
            parts.map { part in
                switch part {
                case .text(let text): text
                case .placeholder(let placeholder): replace(placeholder)
                }
            }.joined())
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
