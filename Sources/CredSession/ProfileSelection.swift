package import CredCore
import CredSystem

/// Chooses a profile: the first candidate that is complete, in a fixed order.
package struct ProfileSelection: Sendable {
    private let request: ProfileRequest
    private let store: ProfileStore
    private let environment: @Sendable (String) -> String?

    package init(
        _ request: ProfileRequest, folders: Folders,
        environment: @escaping @Sendable (String) -> String?
    ) {
        self.request = request
        self.store = ProfileStore(folders)
        self.environment = environment
    }

    /// The profile for a command that is not about one host. Fails with kind `.profile` if the one
    /// that was named cannot be used: another one would be a silent surprise.
    package func choose() throws(Failure) -> ProfileChoice {
        if let source = explicit ?? ambient { return try load(source) }
        // Nothing is chosen: a file that would have and cannot be read is worth a word.
        let problem = settings.problem.map { "cannot read '\(store.folders.settings)': \($0)" }
        let choice = try load(.builtIn)
        return ProfileChoice(choice.profile, choice.source, path: choice.path, warning: problem)
    }

    /// What would have been chosen without `choice`, best first.
    package func hidden(by choice: ProfileChoice) -> [ProfileSource] {
        ([explicit] + environmentSources + settings.sources).compactMap { $0 }
            .filter { $0 != choice.source }
    }

    /// The profile for a host; `nil` if none names it.
    ///
    /// One chosen on the command line is the only one asked. One chosen by the environment or by
    /// `~/.planet.json` comes first, and then all others: it was chosen with other hosts in mind.
    package func choose(for origin: Origin) throws(Failure) -> ProfileChoice? {
        if let explicit {
            let choice = try load(explicit)
            return choice.profile.claims(origin) ? choice : nil
        }
        if let ambient {
            let choice = try load(ambient)
            if choice.profile.claims(origin) { return choice }
        }
        guard request.storage == .saved else { return nil }
        return store.profile(claiming: origin).map { ProfileChoice($0, .host) }
    }

    /// What the command line names.
    private var explicit: ProfileSource? {
        request.file.map { .file(path: $0) } ?? request.name.map { .option($0) }
    }

    /// What the environment or `~/.planet.json` names.
    private var ambient: ProfileSource? {
        environmentSources.lazy.compactMap { $0 }.first ?? settings.sources.first
    }

    private var environmentSources: [ProfileSource?] {
        let hasClient =
            environment("PL_AUTH_CLIENT_ID") != nil && environment("PL_AUTH_CLIENT_SECRET") != nil
        return [
            environment("PL_AUTH_PROFILE").map { .environmentProfile($0) },
            hasClient ? .environmentClient : nil,
            environment("PL_API_KEY") != nil ? .environmentKey : nil,
        ]
    }

    private var settings: PlanetSettings {
        switch request.storage {
        case .saved: PlanetSettings.read(store.folders.settings)
        case .memoryOnly: .empty
        }
    }

    private func load(_ source: ProfileSource) throws(Failure) -> ProfileChoice {
        switch source {
        case .option(let name), .environmentProfile(let name), .settingsProfile(let name):
            return ProfileChoice(try stored(try ProfileName(name), source), source)
        case .file(let path):
            return try file(path)
        case .environmentClient:
            return ProfileChoice(
                try .planetServiceAccount(
                    id: environment("PL_AUTH_CLIENT_ID") ?? "",
                    secret: Secret(environment("PL_AUTH_CLIENT_SECRET") ?? "")), source)
        case .environmentKey:
            return ProfileChoice(try .planetKey(Secret(environment("PL_API_KEY") ?? "")), source)
        case .settingsClient, .settingsKey:
            return ProfileChoice(
                try settings.profile(source), source, path: store.folders.settings)
        case .host, .builtIn:
            guard request.storage == .saved else { throw .nothingInMemory }
            return ProfileChoice(try stored(.planetUser, source), source)
        }
    }

    private func stored(_ name: ProfileName, _ source: ProfileSource) throws(Failure)
        -> ProfileStore.Stored
    {
        let path = "\(store.folders.profile(name))/auth_client.json"
        guard request.storage == .saved else {
            throw Failure(
                .usage, "cannot use profile '\(name)' with --no-save",
                because: "it is in the home folder, which --no-save does not read",
                remedy: "planet-cred --no-save --profile-file \(path.shellQuoted) token")
        }
        guard let stored = try store.profile(name) else {
            throw Failure(
                .profile, "there is no profile '\(name)'",
                because: "'\(path)' does not exist (chosen by \(source.description))",
                remedy: wayToProfile(insteadOf: name))
        }
        return stored
    }

    private func wayToProfile(insteadOf name: ProfileName) -> String {
        let names = store.names().map(\.description)
        if let nearest = SpellingSuggestion.nearest(to: name.description, in: names) {
            return "planet-cred --profile \(nearest.shellQuoted) status"
        }
        let isFirst = Directory.names(in: store.folders.profiles).isEmpty
        return isFirst ? "man planet-cred-profile" : "ls ~/.planet"
    }

    /// A profile file has no name of its own, so it takes `--profile`, or one made from what it
    /// says: the same file then shares its token between processes.
    private func file(_ path: String) throws(Failure) -> ProfileChoice {
        if path == "-" {
            let bytes = try StandardStreams.readInput()
            let profile = try ProfileStore.parse(
                bytes, name: try fileProfileName(bytes), path: path)
            return ProfileChoice(profile, .file(path: path))
        }
        let problem: String
        switch File.read(path, .anyFile) {
        case .missing: problem = "it does not exist"
        case .unreadable(let reason), .refused(let reason): problem = reason
        case .content(let content):
            let stored = try ProfileStore.stored(
                content, name: try fileProfileName(content.bytes), path: path)
            return ProfileChoice(stored, .file(path: ProcessEnvironment.absolute(path)))
        }
        throw Failure(
            .profile, "cannot read profile file '\(path)'", because: problem,
            remedy: "ls -l \(path.shellQuoted)")
    }

    private func fileProfileName(_ bytes: [UInt8]) throws(Failure) -> ProfileName {
        if let name = request.name { return try ProfileName(name) }
        return try ProfileName("file-\(SHA256.hexadecimalDigest(of: bytes).prefix(16))")
    }
}

extension Failure {
    fileprivate static var nothingInMemory: Failure {
        Failure(
            .usage, "no profile to use with --no-save",
            because: "the home folder is not read, and nothing else names a profile",
            remedy: "planet-cred --no-save --profile-file PATH ...")
    }
}
