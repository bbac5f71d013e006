package import CredCore
import CredSystem

/// The token files of one profile, shared by all processes: one in the profile's directory, and
/// others in the fallback directories used when that cannot be written.
///
/// Readers take no lock: writers rename, so a reader sees the old file or the new one. Writing
/// needs the lock, which only `LockedFiles` has.
package struct TokenFiles: Sendable {
    let context: ProfileContext
    let binding: TokenBinding
    /// The profile's own directory.
    let home: ProfileFolder
    private let fallback: Fallback

    /// Whether the token may be saved elsewhere if the home directory cannot be written.
    package enum Fallback: Hashable, Sendable {
        case allowed
        /// The token belongs to a user's login, and a refresh token must not exist in two copies.
        case refused
    }

    package init(_ context: ProfileContext, binding: TokenBinding, fallback: Fallback) {
        self.context = context
        self.binding = binding
        self.fallback = fallback
        home = context.locations.folder(context.profile)
    }

    /// The files of a client. A token that only a person can replace is saved in the home directory
    /// or not at all.
    package init(_ context: ProfileContext, _ client: OAuthClient) {
        self.init(
            context, binding: TokenBinding(client),
            fallback: client.grant == .clientCredentials ? .allowed : .refused)
    }

    /// The files of an API key, or of a profile that no longer names a server.
    init(keyOf context: ProfileContext, fallback: Fallback = .refused) {
        self.init(context, binding: .none, fallback: fallback)
    }

    var world: World { context.world }

    /// The same files, whose use is not traced: for a process that looks at them again and again.
    var untraced: TokenFiles {
        var world = world
        world.voice.trace = { _ in }
        return TokenFiles(
            ProfileContext(context.choice, context.locations, world), binding: binding,
            fallback: fallback)
    }
    var journal: Journal {
        Journal(folder: home, binding: binding, lockFolder: context.locations.cache)
    }

    /// The profile's directory, then the fallbacks, in order of preference.
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

    /// Every directory that may contain a file of the profile, whatever program wrote it.
    private var everyFolder: [ProfileFolder] {
        ([home] + context.locations.fallbacks(for: context.profile)).filter { $0.isOurs }
    }

    /// The newest record; `nil` if there is none.
    ///
    /// Fails with kind `.failed` for a file that is not ours, and if `brokenFiles` says so with
    /// kind `.loginRequired` for a broken one and `.failed` for one that cannot be read.
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

    /// All records, those of the home directory first; for a broken file, one for each token that
    /// is found in it. Fails with kind `.failed` for a file that is not ours or cannot be read.
    func all() throws(Failure) -> [TokenRecord] {
        var records: [TokenRecord] = []
        for folder in everyFolder {
            switch try reading(folder, .fail) {
            case .missing: continue
            case .record(let record): records.append(record)
            case .broken(let bytes):
                records += TokenRecord.salvaged(
                    from: bytes, binding, path: folder.token, owner: { context.owner })
            case .unreadable(let failure): throw failure
            }
        }
        return records
    }

    /// The files beside the token file that a logout removes.
    var leftovers: [String] { everyFolder.flatMap { $0.leftovers } }

    /// Fails as `load` does.
    var hasSomethingToForget: Bool {
        get throws(Failure) {
            guard leftovers.isEmpty else { return true }
            return try all().contains { $0.holdsCredential || $0.isBroken }
        }
    }

    /// Changes whenever a token or a backoff is saved.
    var stamps: [FileStamp?] {
        folders.flatMap { [File.stamp($0.token), File.stamp($0.backoff)] }
    }

    /// The saved backoff, in force or not.
    ///
    /// One that cannot be read, for whatever reason, counts as none: it only spares the server a
    /// request that would be refused again. Failing would let a worthless broken file stop
    /// everything.
    package var backoff: Backoff? { remembered { $0.backoff }.flatMap(Backoff.init) }

    /// How many fresh tokens in a row were refused; `nil` if none was. One that cannot be read
    /// counts as none.
    package var brake: Brake? { remembered { $0.brake }.flatMap(Brake.init) }

    private func remembered(in path: (ProfileFolder) -> String) -> JSONObject? {
        for folder in folders where folder.isOurs {
            guard case .content(let content) = File.read(path(folder), .ownFile),
                let object = try? JSONValue(parsing: content.bytes).object
            else { continue }
            return object
        }
        return nil
    }

    /// The backoff that prevents a request for a new token in place of this record's; `nil` if
    /// there is none.
    func obstacle(for record: TokenRecord?, at now: UnixTime) -> Backoff? {
        guard let backoff, backoff.isActive(at: now) else { return nil }
        guard case .refused(.session, let session) = backoff.cause else { return backoff }
        return record?.refreshToken.map(binding.fingerprint) == session ? backoff : nil
    }

    /// What a file that is not valid JSON means.
    package enum BrokenFiles: Hashable, Sendable {
        /// It counts as no token, because a new one can be requested without a person.
        case countAsMissing
        /// It is an error, because the file may contain a login.
        case fail

        /// How long to wait for a truncated file to be complete, in milliseconds. On a busy machine
        /// its writer may have to wait, and it may be a person with an editor.
        var timeout: Int64 {
            switch self {
            case .countAsMissing: 50
            case .fail: 500
            }
        }
    }

    private func read(_ folder: ProfileFolder, _ brokenFiles: BrokenFiles) throws(Failure)
        -> TokenRecord?
    {
        let failure: Failure
        switch try reading(folder, brokenFiles) {
        case .missing: return nil
        case .record(let record): return record
        case .broken(let bytes): failure = .brokenTokenFile(folder.token, bytes, context.choice)
        case .unreadable(let reason): failure = reason
        }
        guard brokenFiles == .fail else { return nil }
        throw failure
    }
}

extension OAuthClient {
    /// What a broken token file means for this client.
    var brokenFiles: TokenFiles.BrokenFiles {
        RenewalGrant(self, nil) == nil ? .fail : .countAsMissing
    }
}

extension TokenRecord {
    /// Sets the file's mode to 0600, and warns that it was readable by others.
    func protect(_ voice: World.Voice) {
        guard isReadableByOthers else { return }
        voice.notice(
            File.makePrivate(path)
                ? "'\(path)' was readable by other users; its mode is now 0600"
                : "'\(path)' is readable by other users; try: chmod 600 \(path.shellQuoted)")
    }
}
