/// The credential helpers that git asks for a host, in its order: `credential.helper` and
/// `credential.URL.helper`, gitcredentials(7). An empty one removes those before it.
package struct GitHelperOrder: Hashable, Sendable {
    package private(set) var helpers: [String] = []

    /// - Parameter settings: names and values as `git config` lists them.
    package init(_ settings: [(name: String, value: String)], for origin: Origin) {
        for (name, value) in settings where Self.concerns(name, origin) {
            if value.isEmpty { helpers = [] } else { helpers.append(value) }
        }
    }

    /// Whether planet-cred is asked at all.
    package var asksUs: Bool { helpers.contains(where: Self.isOurs) }

    /// The helper of another program that is asked before planet-cred, and may answer with a token
    /// that it has stored; `nil` if there is none.
    package var first: String? {
        guard asksUs, let first = helpers.first, !Self.isOurs(first) else { return nil }
        return first
    }

    /// Whether a value of `credential.helper` is this program: `planet`, with options or not, or a
    /// path or command that names it.
    private static func isOurs(_ helper: String) -> Bool {
        let word = helper.prefix { $0 != " " }
        return word == "planet" || helper.firstRange(ofBytes: "git-credential-planet") != nil
            || helper.firstRange(ofBytes: "planet-cred") != nil
    }

    private static func concerns(_ name: String, _ origin: Origin) -> Bool {
        let (start, end) = ("credential.", ".helper")
        if name == "credential.helper" { return true }
        guard name.utf8.starts(with: start.utf8), name.hasSuffix(end) else { return false }
        let pattern = name.dropFirst(start.utf8.count).dropLast(end.utf8.count)
        return matches(String(pattern), origin)
    }

    /// Whether the URL of a setting is that of the host: without a path, and with labels that may
    /// be `*`. gitcredentials(7), git-config(1).
    private static func matches(_ pattern: String, _ origin: Origin) -> Bool {
        let scheme = "\(origin.scheme.rawValue)://"
        let rest: Substring
        if pattern.utf8.starts(with: scheme.utf8) {
            rest = pattern.dropFirst(scheme.utf8.count)
        } else {
            guard pattern.firstRange(ofBytes: "://") == nil else { return false }
            rest = pattern[...]
        }
        let host = rest.last == "/" ? rest.dropLast() : rest
        let named = host.split(separator: ".", omittingEmptySubsequences: false)
        let port = ":\(origin.scheme.defaultPort)"
        let authority = host.hasSuffix(port) ? String(host.dropLast(port.utf8.count)) : nil
        if let authority, authority.lowercased() == origin.authority { return true }
        let labels = origin.authority.split(separator: ".", omittingEmptySubsequences: false)
        return named.count == labels.count
            && zip(named, labels).allSatisfy { $0 == "*" || $0.lowercased() == $1 }
    }
}
