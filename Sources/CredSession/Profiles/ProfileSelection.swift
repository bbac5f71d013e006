package import CredCore
import CredSystem

/// Chooses a profile: the first complete candidate in a fixed order.
package struct ProfileSelection: Sendable {
    let request: ProfileRequest
    let store: ProfileStore

    package init(_ request: ProfileRequest, _ locations: Locations) {
        self.request = request
        store = ProfileStore(locations)
    }

    private func environment(_ name: String) -> String? { store.locations.environment(name) }

    /// The profile for a command that is not about one host. Fails with kind `.profile` if the
    /// named one cannot be used: another one would be a silent surprise.
    package func choose() throws(Failure) -> ProfileChoice {
        if let source = explicit ?? environmentSources.first {
            // A complete service account would have come before the key.
            let warning = source == .environmentKey ? incompleteClient?.words : nil
            return try load(source, warnings: warning.map { [$0] } ?? [])
        }
        let settings = try settings.known(store.locations.settings)
        return try load(
            settings.sources.first ?? .builtIn,
            warnings: (incompleteClient.map { [$0.words] } ?? [])
                + settings.problems(store.locations.settings))
    }

    /// The sources that would otherwise have been used, in order of precedence.
    package func hidden(by choice: ProfileChoice) -> [ProfileSource] {
        let explicit = [commandLine, environmentFile].compactMap { $0 }
        return (explicit + environmentSources + settings.sources).filter { $0 != choice.source }
    }

    /// The name of the profile in the home directory that would be selected by name; `nil` if
    /// something else selects the profile.
    package func name() throws(Failure) -> ProfileName? {
        let source: ProfileSource?
        if let explicit { source = explicit } else { source = try ambient() }
        return switch source {
        case .option(let name): name
        case .environmentProfile(let text), .settingsProfile(let text): try ProfileName(text)
        case nil, .file, .standardInput, .environmentFile, .environmentClient, .environmentKey,
            .settingsClient, .settingsKey, .host, .builtIn:
            nil
        }
    }

    /// Whether the command line, or the variable in its place, names the only candidate.
    var isExplicit: Bool { explicit != nil }

    /// The names of the profiles in the home directory, and of those that are built in.
    var storedNames: [ProfileName] {
        switch request.storage {
        case .saved: store.names()
        case .memoryOnly: []
        }
    }

    /// The stored profile with this name, or why it cannot be used.
    func reading(_ name: ProfileName) -> Result<ProfileChoice, Failure> {
        Result { () throws(Failure) in try load(.option(name)) }
    }

    /// The profile that the command line, or the variable in its place, names. No other one is
    /// tried.
    var explicit: ProfileSource? { commandLine ?? environmentFile }

    private var commandLine: ProfileSource? {
        switch request.file {
        case "-": .standardInput
        case let path?: .file(path: ProcessEnvironment.absolute(path))
        case nil: request.name.map { .option($0) }
        }
    }

    private var environmentFile: ProfileSource? {
        environment("PLANET_CRED_PROFILE_FILE").map { .environmentFile(path: $0) }
    }

    /// The profile that the environment or `~/.planet.json` names. Fails if that file cannot be
    /// read.
    func ambient() throws(Failure) -> ProfileSource? {
        if let first = environmentSources.first { return first }
        return try settings.known(store.locations.settings).sources.first
    }

    private var environmentSources: [ProfileSource] {
        let hasClient =
            environment("PL_AUTH_CLIENT_ID") != nil && environment("PL_AUTH_CLIENT_SECRET") != nil
        return [
            environment("PL_AUTH_PROFILE").map { .environmentProfile($0) },
            hasClient ? .environmentClient : nil,
            environment("PL_API_KEY") != nil ? .environmentKey : nil,
        ].compactMap { $0 }
    }

    private var incompleteClient: IncompleteClientPair? { IncompleteClientPair(environment) }

    private var settings: PlanetSettings {
        switch request.storage {
        case .saved: PlanetSettings.read(store.locations.settings)
        case .memoryOnly: .empty
        }
    }

    func load(_ source: ProfileSource, warnings: [String] = []) throws(Failure)
        -> ProfileChoice
    {
        try found(source).with(request.storage, warnings: warnings)
    }

    private func found(_ source: ProfileSource) throws(Failure) -> ProfileChoice {
        switch source {
        case .option(let name): return ProfileChoice(try stored(name, source), source)
        case .environmentProfile(let text), .settingsProfile(let text):
            return ProfileChoice(try stored(try ProfileName(text), source), source)
        case .standardInput: return try standardInput()
        case .environmentFile(ProfileSource.consumedStandardInput):
            throw .standardInputConsumed
        case .environmentFile(let path) where !path.isAbsolutePath: throw .relativeFile(path)
        case .file(let path), .environmentFile(let path): return try file(path, source)
        case .environmentClient:
            return ProfileChoice(
                try .planetServiceAccount(
                    id: environment("PL_AUTH_CLIENT_ID") ?? "",
                    secret: Secret(environment("PL_AUTH_CLIENT_SECRET") ?? "")), source)
        case .environmentKey:
            return ProfileChoice(try .planetKey(Secret(environment("PL_API_KEY") ?? "")), source)
        case .settingsClient, .settingsKey:
            return ProfileChoice(
                try settings.profile(source), source, path: store.locations.settings)
        case .host, .builtIn:
            guard request.storage == .saved else { throw .nothingInMemory(incompleteClient) }
            return ProfileChoice(try stored(.planetUser, source), source)
        }
    }

    private func stored(_ name: ProfileName, _ source: ProfileSource) throws(Failure)
        -> ProfileStore.Stored
    {
        let path = store.locations.folder(name).configuration
        guard request.storage == .saved else {
            throw Failure(
                .usage, "cannot use profile '\(name)' with --no-save",
                because: "it is in the home directory, which --no-save does not read",
                remedy: "planet-cred --no-save --profile-file \(path.shellQuoted) token")
        }
        guard let stored = try store.profile(name) else {
            let folder = folderInCapitals(name)
            let rule = folder.map {
                "; profile names are lower case, but the directory '\($0)' is not"
            }
            // Whoever has just typed a name knows what chose it.
            let isTyped = source == .option(name) && request.nameForm == .operand
            let chooser = isTyped ? "" : " (chosen by \(source.description))"
            guard store.locations.home != nil else {
                throw Failure(
                    .profile, "profile '\(name)' not found",
                    because: "\(ProcessEnvironment.reasonWithoutHome)\(chooser)",
                    remedy: "export HOME=/path/to/home")
            }
            throw Failure(
                .profile, "profile '\(name)' not found",
                because: "'\(path)' does not exist\(chooser)\(rule ?? "")",
                remedy: wayToProfile(insteadOf: name, folderInCapitals: folder))
        }
        return stored
    }

    /// A directory whose name differs only in upper case, so that no profile name selects it.
    private func folderInCapitals(_ name: ProfileName) -> String? {
        let folders = Directory.names(in: store.locations.profiles)
        guard !folders.contains(name.description) else { return nil }
        return folders.first { $0.lowercased() == name.description }
    }

    private func wayToProfile(insteadOf name: ProfileName, folderInCapitals folder: String?)
        -> String
    {
        if let folder {
            let paths = [folder, name.description].map { "\(store.locations.profiles)/\($0)" }
            return "mv \(paths[0].shellQuoted) \(paths[1].shellQuoted)"
        }
        let names = store.names().map { $0.description }
        if let nearest = SpellingSuggestion.nearest(to: name.description, in: names) {
            return "planet-cred --profile \(nearest.shellQuoted) status"
        }
        let isFirst = Directory.names(in: store.locations.profiles).isEmpty
        return isFirst ? "man planet-cred-profile" : "ls ~/.planet"
    }

    /// The name that `--profile` gave to the file of `PLANET_CRED_PROFILE_FILE`, for a command run
    /// by `exec`.
    package static let fileNameVariable = "PLANET_CRED_PROFILE_NAME"

    private func standardInput() throws(Failure) -> ProfileChoice {
        let bytes = try StandardStreams.readInput()
        guard !bytes.isEmpty else {
            throw Failure(
                .profile, "cannot use the profile on standard input", because: "it is empty",
                remedy: "planet-cred help profile")
        }
        let profile = try store.parse(
            bytes, name: try fileProfileName(bytes, .standardInput), path: nil)
        return ProfileChoice(profile, .standardInput)
    }

    private func file(_ path: String, _ source: ProfileSource) throws(Failure) -> ProfileChoice {
        let (reason, remedy): (String, String)
        switch File.read(path, .anyFile) {
        case .content(let content):
            let stored = try store.stored(
                content, name: try fileProfileName(content.bytes, source), path: path)
            return ProfileChoice(stored, source)
        case .missing: (reason, remedy) = ("it does not exist", "ls -l \(path.shellQuoted)")
        case .unreadable(let problem): (reason, remedy) = (problem, "ls -l \(path.shellQuoted)")
        case .refused(let problem):
            // Reading a pipe might never end; `-` means that this input does.
            reason = "\(problem); use '--profile-file -' to read standard input"
            remedy =
                "cat \(path.shellQuoted) | planet-cred \(remedyWords)--profile-file - token"
        }
        throw Failure(
            .profile, "cannot read profile file '\(path)'", because: reason, remedy: remedy)
    }

    /// The options that a suggested command needs to save as little as this one.
    private var remedyWords: String {
        switch request.storage {
        case .saved: ""
        case .memoryOnly: "--no-save "
        }
    }

    /// A profile file has no name of its own. It takes `--profile`, or a name made from its
    /// content, so that all processes that use the same file share its token.
    private func fileProfileName(_ bytes: [UInt8], _ source: ProfileSource) throws(Failure)
        -> ProfileName
    {
        if let name = request.name { return name }
        if case .environmentFile = source, let name = environment(Self.fileNameVariable) {
            return try ProfileName(name)
        }
        return try ProfileName("file-\(SHA256.hexadecimalDigest(of: bytes).prefix(16))")
    }
}

extension Failure {
    fileprivate static func nothingInMemory(_ half: IncompleteClientPair?) -> Failure {
        let rest = "the home directory is not read, and nothing else names a profile"
        return Failure(
            .usage, "no profile to use with --no-save",
            because: half.map { "\($0.words); \(rest)" } ?? rest,
            remedy: "planet-cred --no-save --profile-file profile.json token")
    }

    /// git starts its helpers in the work tree, which may contain a profile of somebody else.
    fileprivate static func relativeFile(_ path: String) -> Failure {
        Failure(
            .profile, "cannot read profile file '\(path)'",
            because: "PLANET_CRED_PROFILE_FILE must be an absolute path",
            remedy:
                "export PLANET_CRED_PROFILE_FILE=\(ProcessEnvironment.absolute(path).shellQuoted)")
    }

    fileprivate static var standardInputConsumed: Failure {
        Failure(
            .profile, "cannot use the profile of this job",
            because: """
                it came from standard input, which 'exec' has already read \
                (PLANET_CRED_PROFILE_FILE is '-'); give 'exec' a file
                """,
            remedy: "planet-cred help exec")
    }
}
