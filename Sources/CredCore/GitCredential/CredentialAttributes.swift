/// git's credential lines, gitcredentials(7): `key=value` up to an LF. Only LF ends a line: CR and
/// the Unicode line ends are part of a value, or git and we would read different attributes.
package enum CredentialAttributes {
    package struct Attribute: Hashable, Sendable {
        package let key: String
        package let value: Secret
    }

    /// The attributes up to the first empty line or the end; `nil` if a line has no `=`, holds a
    /// NUL or is not UTF-8.
    package static func decode(_ bytes: [UInt8]) -> [Attribute]? {
        var attributes: [Attribute] = []
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.isEmpty { break }
            guard let text = String(validating: line, as: UTF8.self), !text.utf8.contains(0),
                let equals = text.utf8.firstIndex(of: UInt8(ascii: "="))
            else { return nil }
            let value = text[text.utf8.index(after: equals)...]
            attributes.append(
                Attribute(key: String(text[..<equals]), value: Secret(String(value))))
        }
        return attributes
    }
}
