import CredCore

/// Decides by the bytes of a profile file whether the profile may cover a host. Of a thousand files
/// few then have to be parsed, which takes longer than reading them.
///
/// A host that a profile covers is at the start of a string in its file, or follows a slash in the
/// URL of an audience, except for
/// - an entry of `hosts` that is a URL, which makes the profile a broken one,
/// - an entry with a wildcard, which has a `*`,
/// - JSON's escapes, which have a backslash,
/// - an IPv6 address, which has many spellings,
/// - the hosts of a known service, which are in no file.
struct HostFilter {
    /// In lower case, as hosts are.
    private let host: [UInt8]
    private let passesAll: Bool

    /// The members whose URLs may name hosts, rightly or by mistake.
    private static let audiences = Array("audiences".utf8)
    private static let own = Array("planet_cred".utf8)

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
        // A URL comes after the name of the member that has it.
        var isInMember = false
        for index in file.indices {
            switch file[index] {
            case UInt8(ascii: "*"), UInt8(ascii: "\\"): return true
            case UInt8(ascii: "\""):
                if holds(file, host, at: index + 1) { return true }
                isInMember = isInMember || isMember(file, at: index + 1)
            case UInt8(ascii: "/"):
                if isInMember, holds(file, host, at: index + 1) { return true }
            default: continue
            }
        }
        return false
    }

    /// Whether this is the name of a member whose URLs may name hosts.
    private func isMember(_ file: [UInt8], at start: Int) -> Bool {
        holds(file, Self.audiences, at: start) || holds(file, Self.own, at: start)
    }

    /// Whether the file contains the word at this position. Ignores case, and treats some other
    /// characters as equal, which is harmless.
    private func holds(_ file: [UInt8], _ word: [UInt8], at start: Int) -> Bool {
        guard start + word.count <= file.count else { return false }
        return word.indices.allSatisfy { index in
            let byte = file[start + index]
            return byte == word[index] || byte | 0x20 == word[index]
        }
    }
}
