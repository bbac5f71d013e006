import CredCore

/// Tells by the bytes of a profile file that the profile cannot claim a host. Of a thousand files
/// this leaves few to be parsed, which costs ten times as much as to read them.
///
/// A host that a profile claims stands in its file, among its hosts or in its audience, but for
/// - an entry with a wildcard, which has a `*`,
/// - JSON's escapes, which have a backslash,
/// - an IPv6 address, which has many spellings,
/// - the hosts of a known service.
struct HostFilter {
    /// In lower case, as hosts are.
    private let host: [UInt8]
    private let passesAll: Bool

    init(_ origin: Origin) {
        host = Array(origin.host.description.utf8)
        let isKnown = KnownService.all.contains { service in
            service.hosts.contains { $0.matches(origin) }
        }
        passesAll = isKnown || host.first == UInt8(ascii: "[")
    }

    /// Whether a file with these bytes has to be parsed.
    func passes(_ file: [UInt8]) -> Bool {
        if passesAll { return true }
        return file.withUnsafeBufferPointer { file in
            host.withUnsafeBufferPointer { host in
                for start in file.indices {
                    let byte = file[start]
                    if byte == UInt8(ascii: "*") || byte == UInt8(ascii: "\\") { return true }
                    if Self.isSame(byte, host[0]), Self.isPrefix(host, of: file[start...]) {
                        return true
                    }
                }
                return false
            }
        }
    }

    private static func isPrefix(
        _ host: UnsafeBufferPointer<UInt8>, of text: Slice<UnsafeBufferPointer<UInt8>>
    ) -> Bool {
        guard text.count >= host.count else { return false }
        return host.indices.allSatisfy { isSame(text[text.startIndex + $0], host[$0]) }
    }

    /// Takes capitals for small letters, and some other characters for each other.
    private static func isSame(_ byte: UInt8, _ small: UInt8) -> Bool {
        byte == small || byte | 0x20 == small
    }
}
