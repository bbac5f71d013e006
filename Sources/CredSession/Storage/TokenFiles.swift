package import CredCore
import CredSystem

/// The token of one profile on disk, shared by every process: the file in the profile's folder, and
/// those in the folders that take its place where that cannot be written.
///
/// Readers never lock: writers rename, so a reader sees the old file or the new one. Writing takes the
/// lock; `LockedFiles` is the only type that can.
package struct TokenFiles: Sendable {
    let context: ProfileContext
    let binding: TokenBinding
    /// The profile's own folder.
    let home: ProfileFolder
    private let fallback: Fallback

    /// Whether the token may be kept elsewhere where the home folder cannot take it.
    package enum Fallback: Hashable, Sendable {
        case allowed
        /// It is a person's login, and two copies of a refresh token are one too many.
        case refused
    }

    package init(_ context: ProfileContext, binding: TokenBinding, fallback: Fallback) {
        self.context = context
        self.binding = binding
        self.fallback = fallback
        home = context.locations.folder(context.profile)
    }

    /// Those of a client. What only a person can get again is kept at home or nowhere.
    package init(_ context: ProfileContext, _ client: OAuthClient) {
        self.init(
            context, binding: TokenBinding(client),
            fallback: client.grant == .clientCredentials ? .allowed : .refused)
    }

    /// Those of an API key, or of a profile that names no server any more.
    init(keyOf context: ProfileContext, fallback: Fallback = .refused) {
        self.init(context, binding: .none, fallback: fallback)
    }

    var world: World { context.world }
    var journal: Journal { Journal(folder: home, binding: binding) }

    /// The profile's folder, then those that take its place where it cannot be written.
    var folders: [ProfileFolder] {
        switch fallback {
        case .allowed: [home] + context.locations.fallbacks(for: context.profile)
        case .refused: [home]
        }
    }

    private var usedFallbacks: [ProfileFolder] {
        switch fallback {
        case .allowed: context.locations.usedFallbacks(for: context.profile)
        case .refused: []
        }
    }

    /// Every folder that a file of the profile may be in, whoever put it there.
    private var everyFolder: [ProfileFolder] {
        ([home] + context.locations.fallbacks(for: context.profile)).filter { $0.isOurs }
    }

    /// The newest record there is.
    ///
    /// Fails with kind `.failed` for a file that is none of ours to touch, and for one that is
    /// broken where `brokenFiles` says so.
    package func load(_ brokenFiles: BrokenFiles, minimumLife: Seconds? = nil) throws(Failure)
        -> TokenRecord?
    {
        var newest = try read(home, brokenFiles)
        for folder in usedFallbacks {
            guard let record = try read(folder, brokenFiles) else { continue }
            if newest.map(record.supersedes) ?? true { newest = record }
        }
        if let newest {
            world.voice.trace {
                let freshness = newest.token?.freshness(
                    at: world.clock.now(), minimumLife: minimumLife)
                return .cache(path: newest.path, state: freshness?.rawValue ?? "no token")
            }
        }
        return newest
    }

    /// Every record there is, the one at home first. Fails as `load` does.
    func all(_ brokenFiles: BrokenFiles) throws(Failure) -> [TokenRecord] {
        var records: [TokenRecord] = []
        for folder in everyFolder {
            if let record = try read(folder, brokenFiles) { records.append(record) }
        }
        return records
    }

    /// The files beside the token file that a logout ends.
    var leftovers: [String] { everyFolder.flatMap { $0.leftovers } }

    /// Fails as `load` does.
    var hasSomethingToForget: Bool {
        get throws(Failure) {
            guard leftovers.isEmpty else { return true }
            return try all(.fail).contains { $0.holdsCredential }
        }
    }

    /// What the last failure left, in force or not.
    package var backoff: Backoff? {
        for folder in folders where folder.isOurs {
            guard case .content(let content) = File.read(folder.backoff, .ownFile),
                // A broken record is no record.
                let object = try? JSONValue(parsing: content.bytes).object
            else { continue }
            return Backoff(object)
        }
        return nil
    }

    /// What keeps us from asking the server for a token in place of this record's.
    func obstacle(for record: TokenRecord?, at now: UnixTime) -> Backoff? {
        guard let backoff, backoff.isActive(at: now) else { return nil }
        guard case .refused(.session, let session) = backoff.cause else { return backoff }
        return record?.refreshToken.map(binding.fingerprint) == session ? backoff : nil
    }

    /// What a file that is not valid JSON means.
    package enum BrokenFiles: Hashable, Sendable {
        /// A new token can be had without a person, so it counts as no token.
        case countAsMissing
        /// It may hold a login, so a person must look.
        case fail

        /// How long a truncated file may take to be whole again, in milliseconds. On a busy machine
        /// the one who writes it may have to wait for its turn, and a person is slower still.
        fileprivate var timeout: Int64 {
            switch self {
            case .countAsMissing: 50
            case .fail: 500
            }
        }
    }

    /// The Python tools truncate the file and then write it: a half file is read again for a while.
    private func read(_ folder: ProfileFolder, _ brokenFiles: BrokenFiles) throws(Failure)
        -> TokenRecord?
    {
        let path = folder.token
        let deadline = world.clock.uptime() + brokenFiles.timeout
        while true {
            let failure: Failure
            switch File.read(path, .ownFile) {
            case .missing: return nil
            case .refused(let reason): throw .unusableTokenFile(path, reason)
            case .unreadable(let reason): failure = .unreadableTokenFile(path, reason)
            case .content(let content):
                // Whatever is no JSON object is half a file, or broken; `failure` tells below.
                if let members = try? JSONValue(parsing: content.bytes).object {
                    var record = TokenRecord(
                        members, modifiedAt: content.modifiedAt, binding: binding, path: path)
                    record.isReadableByOthers = content.isReadableByOthers
                    return record
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

extension OAuthClient {
    /// What a broken token file means for this client.
    var brokenFiles: TokenFiles.BrokenFiles {
        grant == .clientCredentials ? .countAsMissing : .fail
    }
}

extension TokenRecord {
    /// Takes the file out of the sight of others, and says so.
    func protect(_ voice: World.Voice) {
        guard isReadableByOthers else { return }
        voice.notice(
            File.makePrivate(path)
                ? "'\(path)' was readable by other users; its mode is now 0600"
                : "'\(path)' is readable by other users; try: chmod 600 \(path.shellQuoted)")
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
