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
        /// The warning that other users can read the secret in the file.
        package let looseness: String?
    }

    /// The profile of this name; `nil` if it has no file and is not built in.
    ///
    /// Built-in names win over a file, as in Planet's SDK. Fails with kind `.profile` for a file
    /// that cannot be used.
    package func profile(_ name: ProfileName) throws(Failure) -> Stored? {
        let path = locations.folder(name).configuration
        if let profile = Profile.builtIn(name) {
            return Stored(profile: profile, path: nil, looseness: nil)
        }
        if let stored = try read(path, name: name) { return stored }
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
    private func read(_ path: String, name: ProfileName) throws(Failure) -> Stored? {
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
    func stored(_ content: File.Content, name: ProfileName, path: String) throws(Failure)
        -> Stored
    {
        let profile = try parse(content.bytes, name: name, path: path)
        return Stored(
            profile: profile, path: path,
            looseness: content.isReadableByOthers && profile.holdsSecret
                ? content.looseness(of: path) : nil)
    }

    /// The profile in a text. Fails with kind `.profile` and names the file.
    /// - Parameter path: the file's name; `nil` for standard input.
    package func parse(_ bytes: [UInt8], name: ProfileName, path: String?) throws(Failure)
        -> Profile
    {
        var mistakes: [String] = []
        do throws(Failure) {
            guard
                let object = try JSONValue(parsing: bytes, repeatedNames: .refused).object
            else { throw Failure(.failed, "not a JSON object") }
            do throws(Failure) {
                return try Profile(
                    parsing: object, name: name,
                    in: ProfilePaths(folder: path?.parentFolder, home: locations.home))
            } catch {
                // What is missing may be there under a name that is misspelt.
                mistakes = ProfileMembers.mistakes(in: object)
                throw error
            }
        } catch {
            let problem = error.kind == .profile ? error.because : nil
            let reasons = [problem ?? error.asReason] + mistakes
            throw Failure(
                .profile,
                path == nil
                    ? "cannot use the profile on standard input" : "cannot use profile '\(name)'",
                because: "\(path.map { "'\($0)': " } ?? "")\(reasons.joined(separator: "; "))",
                remedy: path.map { "${EDITOR:-vi} \($0.shellQuoted)" })
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
    /// - Parameters:
    ///   - username: the user name that git asks for; only a profile with that name answers.
    ///   - skipping: told of those that may name the host.
    package func profile(
        covering origin: Origin, for username: String? = nil,
        skipping: (Failure) -> Void = { _ in }
    ) -> Stored? {
        let filter = HostFilter(origin)
        var best: (stored: Stored, rank: Rank)?
        var count = 0
        for name in unsortedNames() {
            guard let stored = candidate(name, filter, origin, skipping),
                stored.profile.covers(origin)
            else { continue }
            count += 1
            let rank = Rank(stored.profile, for: origin, username)
            if best.map({ rank.precedence(over: $0.rank) != nil }) ?? true { best = (stored, rank) }
        }
        // Among several profiles that accept any user name, nothing says which one is meant.
        guard let best, let match = best.rank.match, match != .unstated || count == 1 else {
            return nil
        }
        return best.stored
    }

    /// The profile with this name; `nil` if it cannot be used or the filter excludes it.
    private func candidate(
        _ name: ProfileName, _ filter: HostFilter, _ origin: Origin, _ skipping: (Failure) -> Void
    ) -> Stored? {
        if let profile = Profile.builtIn(name) {
            return Stored(profile: profile, path: nil, looseness: nil)
        }
        let path = locations.folder(name).configuration
        guard case .content(let content) = File.read(path, .anyFile), filter.passes(content.bytes)
        else { return nil }
        do throws(Failure) {
            return try stored(content, name: name, path: path)
        } catch {
            if BrokenProfile.mayName(origin, content.bytes) { skipping(error) }
            return nil
        }
    }

    /// The order in which profiles that name a host are taken.
    private struct Rank {
        /// `nil` for a profile of another user name.
        let match: Profile.UsernameMatch?
        let isExact: Bool
        let name: ProfileName

        init(_ profile: Profile, for origin: Origin, _ username: String?) {
            match = username.map(profile.match) ?? .stated
            isExact = profile.names(origin)
            name = profile.name
        }

        /// `nil` if the other one comes first.
        func precedence(over other: Rank) -> Precedence? {
            let order = (match?.rawValue ?? .max, other.match?.rawValue ?? .max)
            if order.0 != order.1 { return order.0 < order.1 ? .username : nil }
            if isExact != other.isExact { return isExact ? .exactEntry : nil }
            return name < other.name ? .name : nil
        }
    }

    /// Why a profile comes before another one for a host that both name.
    enum Precedence: Hashable, Sendable {
        case username
        case exactEntry
        case name
    }

    /// `nil` if the other one comes first.
    static func precedence(
        of one: Profile, over other: Profile, _ origin: Origin, _ username: String?
    ) -> Precedence? {
        Rank(one, for: origin, username).precedence(over: Rank(other, for: origin, username))
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
    /// How a profile fits the user name that git asks for, best first.
    package enum UsernameMatch: Int, Sendable {
        /// `username` of the profile is that name.
        case stated
        /// The profile has that name.
        case name
        /// It is the user name of profiles that state none.
        case usual
        /// The profile states none, and may belong to anybody.
        case unstated
    }

    /// `nil` for a profile of another user name.
    package func match(_ username: String) -> UsernameMatch? {
        if let statedUsername, statedUsername == username { return .stated }
        if name.description == username.lowercased() { return .name }
        guard statedUsername == nil else { return nil }
        return username == self.username ? .usual : .unstated
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
