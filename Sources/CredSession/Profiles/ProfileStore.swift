package import CredCore
import CredSystem

/// The profiles in `~/.planet`.
package struct ProfileStore: Sendable {
    package let locations: Locations

    package init(_ locations: Locations) {
        self.locations = locations
    }

    /// A profile with the file it came from.
    package struct Stored: Sendable {
        package let profile: Profile
        /// `nil` for one that is built in.
        package let path: String?
        /// What is wrong with the file although it can be used.
        package let warning: String?
    }

    /// The profile of this name; `nil` if it has no file and is not built in.
    ///
    /// Built-in names win over a file, as in Planet's SDK. Fails with kind `.profile` for a file
    /// that cannot be used.
    package func profile(_ name: ProfileName) throws(Failure) -> Stored? {
        let path = locations.folder(name).configuration
        if let profile = Profile.builtIn(name) {
            return Stored(profile: profile, path: nil, warning: nil)
        }
        if let stored = try Self.read(path, name: name) { return stored }
        let encrypted = locations.folder(name).encryptedConfiguration
        guard case .missing = File.read(encrypted, .anyFile) else {
            throw Failure(
                .profile, "cannot use profile '\(name)'",
                because: "'\(encrypted)' is encrypted, which is not supported yet",
                remedy: "sops -d \(encrypted.shellQuoted) | planet-cred --profile-file - token")
        }
        return nil
    }

    /// The profile in a file; `nil` if there is no such file. Fails with kind `.profile`.
    package static func read(_ path: String, name: ProfileName) throws(Failure) -> Stored? {
        switch File.read(path, .anyFile) {
        case .missing: return nil
        case .unreadable(let reason), .refused(let reason):
            throw Failure(
                .profile, "cannot read profile '\(name)'", because: "'\(path)': \(reason)",
                remedy: "ls -l \(path.shellQuoted)")
        case .content(let content):
            return try stored(content, name: name, path: path)
        }
    }

    /// The profile in what was read from `path`. Fails with kind `.profile`.
    static func stored(_ content: File.Content, name: ProfileName, path: String) throws(Failure)
        -> Stored
    {
        let profile = try parse(content.bytes, name: name, path: path)
        let isLoose = content.isReadableByOthers && profile.holdsSecret
        return Stored(
            profile: profile, path: path,
            warning: isLoose
                ? "the secret in '\(path)' is readable by other users\(content.correction(of: path))"
                : nil)
    }

    /// Fails with kind `.profile` and names the file.
    package static func parse(_ bytes: [UInt8], name: ProfileName, path: String) throws(Failure)
        -> Profile
    {
        do throws(Failure) {
            guard let object = try JSONValue(parsing: bytes).object else {
                throw Failure(.failed, "not a JSON object")
            }
            return try Profile(parsing: object, name: name)
        } catch {
            let problem = error.kind == .profile ? error.because : nil
            let reason = problem ?? error.asReason
            throw Failure(
                .profile, "cannot use profile '\(name)'", because: "'\(path)': \(reason)",
                remedy: path == "-" ? nil : "${EDITOR:-vi} \(path.shellQuoted)")
        }
    }

    /// The names of all profiles with a directory and of the built-in ones, sorted.
    package func names() -> [ProfileName] { unsortedNames().sorted() }

    private func unsortedNames() -> [ProfileName] {
        var names = [ProfileName.planetUser]
        for folder in Directory.names(in: locations.profiles) {
            // No profile name selects a directory with upper case letters.
            guard let name = try? ProfileName(folder), name.description == folder,
                name != .planetUser
            else { continue }
            names.append(name)
        }
        return names
    }

    /// The profile for a host when none was selected: one that names the host, an exact entry
    /// before a wildcard, then the first by name. Broken profiles are skipped.
    /// - Parameter skipping: told of those that may name the host.
    package func profile(covering origin: Origin, skipping: (Failure) -> Void) -> Stored? {
        let filter = HostFilter(origin)
        var best: Stored?
        for name in unsortedNames() {
            guard let stored = candidate(name, filter, origin, skipping),
                stored.profile.covers(origin)
            else { continue }
            let isBetter =
                best.map { Self.precedence(of: stored.profile, over: $0.profile, origin) != nil }
            if isBetter ?? true { best = stored }
        }
        return best
    }

    /// The profile with this name; `nil` if it cannot be used or the filter excludes it.
    private func candidate(
        _ name: ProfileName, _ filter: HostFilter, _ origin: Origin, _ skipping: (Failure) -> Void
    ) -> Stored? {
        if let profile = Profile.builtIn(name) {
            return Stored(profile: profile, path: nil, warning: nil)
        }
        let path = locations.folder(name).configuration
        guard case .content(let content) = File.read(path, .anyFile), filter.passes(content.bytes)
        else { return nil }
        do throws(Failure) {
            return try Self.stored(content, name: name, path: path)
        } catch {
            if BrokenProfile.mayName(origin, content.bytes) { skipping(error) }
            return nil
        }
    }

    /// Why a profile comes before another one for a host that both name.
    enum Precedence: Hashable, Sendable {
        case exactEntry
        case name
    }

    /// `nil` if the other one comes first.
    static func precedence(of one: Profile, over other: Profile, _ origin: Origin) -> Precedence? {
        let isExact = one.names(origin)
        if isExact != other.names(origin) { return isExact ? .exactEntry : nil }
        return one.name < other.name ? .name : nil
    }
}

/// A profile file that cannot be used.
private enum BrokenProfile {
    /// Whether it is one of ours, and its `hosts` name this host, or do not say which they name.
    static func mayName(_ origin: Origin, _ file: [UInt8]) -> Bool {
        // The error is ignored: a file that is not JSON is searched.
        guard let object = try? JSONValue(parsing: file).object else {
            return String(decoding: file, as: UTF8.self).firstRange(ofBytes: "\"planet_cred\"")
                != nil
        }
        guard let own = object["planet_cred"] else { return false }
        guard let entries = own.object?["hosts"]?.array else { return true }
        return entries.contains { entry in
            guard let pattern = entry.string.flatMap({ try? HostPattern($0) }) else { return true }
            return pattern.matches(origin)
        }
    }
}

extension Profile {
    /// Whether the configuration itself contains a secret.
    fileprivate var holdsSecret: Bool {
        switch method {
        case .apiKey(let key): return key.key != nil
        case .oauth(let client):
            if case .secret(.literal, _) = client.authentication { return true }
            if case .password(let user) = client.grant { return user.password != nil }
            return false
        case .legacy(let login): return login.key != nil
        case .none, .validator: return false
        }
    }

    /// Whether an entry of `hosts` is exactly this host.
    fileprivate func names(_ origin: Origin) -> Bool {
        hosts.contains { pattern in
            if case .exact = pattern { pattern.matches(origin) } else { false }
        }
    }
}

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
        var isInURL = false
        for index in file.indices {
            switch file[index] {
            case UInt8(ascii: "*"), UInt8(ascii: "\\"): return true
            case UInt8(ascii: "\""):
                if holds(file, host, at: index + 1) { return true }
            case UInt8(ascii: "/"):
                isInURL = isInURL || holds(file, host, at: index + 1)
            default: continue
            }
        }
        return isInURL && hasMember(file)
    }

    /// Whether the file has a member whose URLs may name hosts.
    private func hasMember(_ file: [UInt8]) -> Bool {
        file.indices.contains { index in
            file[index] == UInt8(ascii: "\"")
                && (holds(file, Self.audiences, at: index + 1)
                    || holds(file, Self.own, at: index + 1))
        }
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
