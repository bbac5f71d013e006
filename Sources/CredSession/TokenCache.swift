package import CredCore
import CredSystem

/// The token of one profile on disk, shared by every process.
///
/// Readers never lock: writers rename, so they see the old file or the new one. Writing takes the
/// lock; `LockedCache` is the only type that can.
package struct TokenCache: Sendable {
    let name: ProfileName
    let binding: TokenBinding
    let locations: Locations
    let world: World
    private let home: Place
    private let fallback: Fallback

    package init(_ context: ProfileContext, binding: TokenBinding, fallback: Fallback) {
        name = context.profile
        self.binding = binding
        self.fallback = fallback
        locations = context.locations
        world = context.world
        home = Place(folder: locations.profile(name), parent: nil)
    }

    /// Whether the token may be kept elsewhere where the home folder cannot take it.
    package enum Fallback: Hashable, Sendable {
        case allowed
        /// It is a person's login, and two copies of a refresh token are one too many.
        case refused
    }

    /// The profile's folder, then those that take its place where it cannot be written.
    var places: [Place] {
        switch fallback {
        case .allowed: [home] + locations.fallbacks(for: name)
        case .refused: [home]
        }
    }

    private var usedFallbacks: [Place] {
        switch fallback {
        case .allowed: locations.usedFallbacks(for: name)
        case .refused: []
        }
    }

    /// A folder for the files of one profile.
    struct Place: Sendable {
        let folder: String
        /// A folder that must be ours alone, for places below one that everybody may write to.
        let parent: String?

        /// Nobody else could have put anything there.
        var isOurs: Bool { parent.map(Directory.isExclusive) ?? true }

        func make() throws(Failure) {
            if let parent { try Directory.makeExclusive(parent) }
            try Directory.makePrivate(folder)
        }
    }

    /// The newest file there is.
    ///
    /// Fails with kind `.failed` for a file that is none of ours to touch, and for one that is
    /// broken where `brokenFiles` says so.
    package func load(_ brokenFiles: BrokenFiles, minimumLife: Seconds?) throws(Failure)
        -> TokenFile?
    {
        var newest = try read(home, brokenFiles)
        for place in usedFallbacks {
            guard let file = try read(place, brokenFiles) else { continue }
            if newest.map(file.supersedes) ?? true { newest = file }
        }
        if let newest {
            world.voice.trace {
                let freshness = newest.token?.freshness(
                    at: world.clock.now(), minimumLife: minimumLife)
                return .cache(path: newest.path, state: freshness.map { "\($0)" } ?? "no token")
            }
        }
        return newest
    }

    /// Every place that a file of the profile may be in, whoever put it there.
    var everyPlace: [Place] {
        ([home] + locations.fallbacks(for: name)).filter { $0.isOurs }
    }

    /// Every file there is, the one at home first. Fails as `load` does.
    func files(_ brokenFiles: BrokenFiles) throws(Failure) -> [TokenFile] {
        var files: [TokenFile] = []
        for place in everyPlace {
            if let file = try read(place, brokenFiles) { files.append(file) }
        }
        return files
    }

    /// What a file that is not valid JSON means.
    package enum BrokenFiles: Hashable, Sendable {
        /// A new token can be had without a person, so it counts as no token.
        case countAsMissing
        /// It may hold a login, so a person must look.
        case fail

        /// How long a truncated file may take to be whole again, in milliseconds. On a busy machine
        /// the one who writes it may have to wait for its turn, and a person is slower still.
        fileprivate var patience: Int64 {
            switch self {
            case .countAsMissing: 50
            case .fail: 500
            }
        }
    }

    /// The Python tools truncate the file and then write it: a half file is read again for a while.
    private func read(_ place: Place, _ brokenFiles: BrokenFiles) throws(Failure) -> TokenFile? {
        let path = "\(place.folder)/token.json"
        let deadline = world.clock.uptime() + brokenFiles.patience
        while true {
            let failure: Failure
            switch File.read(path, .ownFile) {
            case .missing: return nil
            case .refused(let reason): throw .unusableTokenFile(path, reason)
            case .unreadable(let reason): failure = .unreadableTokenFile(path, reason)
            case .content(let content):
                // Whatever is no JSON object is half a file, or broken; `failure` tells below.
                if let members = try? JSONValue(parsing: content.bytes).object {
                    var file = TokenFile(
                        members, modifiedAt: content.modifiedAt, binding: binding, path: path)
                    file.isReadableByOthers = content.isReadableByOthers
                    return file
                }
                if world.clock.uptime() < deadline {
                    world.clock.sleep(5)
                    continue
                }
                failure = .unusableTokenFile(path, "it is not a JSON object")
            }
            guard brokenFiles == .fail else { return nil }
            throw failure
        }
    }
}

extension World {
    /// Ends that others can read a file with a secret of ours, and says so.
    func protect(_ path: String) {
        voice.notice(
            File.makePrivate(path)
                ? "others could read '\(path)' until now"
                : "others can read '\(path)'; try: chmod 600 \(path.shellQuoted)")
    }
}

extension Failure {
    /// What is in it may be as good as ever.
    fileprivate static func unreadableTokenFile(_ path: String, _ reason: String) -> Failure {
        Failure(
            .failed, "cannot read '\(path)'", because: reason, remedy: "ls -l \(path.shellQuoted)")
    }

    fileprivate static func unusableTokenFile(_ path: String, _ reason: String) -> Failure {
        Failure(
            .failed, "cannot use '\(path)'", because: reason,
            remedy: "mv \(path.shellQuoted) \("\(path).broken".shellQuoted)")
    }
}

extension TokenCache {
    /// The cache of a client. What only a person can get again is kept at home or nowhere.
    package init(_ context: ProfileContext, _ client: OAuthClient) {
        self.init(
            context, binding: TokenBinding(client),
            fallback: client.grant == .clientCredentials ? .allowed : .refused)
    }
}
