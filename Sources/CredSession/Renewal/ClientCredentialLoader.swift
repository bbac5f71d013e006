import CredCore
import CredOAuth
import CredSystem

/// Loads the credential of a profile's client from where the profile says it is.
struct ClientCredentialLoader: Sendable {
    private let context: ProfileContext
    private var choice: ProfileChoice { context.choice }
    private var world: World { context.world }
    private var profile: ProfileName { context.profile }

    init(_ context: ProfileContext) {
        self.context = context
    }

    /// Fails with kind `.profile`.
    func credential(_ client: OAuthClient) throws(Failure) -> ClientCredential {
        switch client.authentication {
        case .none: return .identifier(client.clientID)
        case .secret(.literal(let secret), let method):
            return .secret(id: client.clientID, secret, method)
        case .secret(.file(let path), let method):
            return .secret(id: client.clientID, try read(path), method)
        case .secret(.command(let program), let method):
            try requirePermission(client)
            return .secret(id: client.clientID, try output(of: program), method)
        case .privateKey:
            throw Failure(
                .profile, "cannot use profile '\(profile)'",
                because: "clients with a private key are not supported yet",
                remedy: "planet auth login --auth-profile \(profile.description.shellQuoted)")
        }
    }

    /// Text that differs between two credentials of the same client, to be hashed in a fingerprint.
    /// A command is not run for it: the same command counts as the same secret. Fails with kind
    /// `.profile`.
    func distinction(_ client: OAuthClient) throws(Failure) -> Secret {
        if case .secret(.command(let program), let method) = client.authentication {
            return Secret("\(method.rawValue) \(program.text)")
        }
        return try credential(client).distinction
    }

    /// Fails with kind `.profile` if the client's secret comes from a command that may not be run.
    /// Nothing is remembered of that, because a `chmod` mends it at once.
    func requirePermission(_ client: OAuthClient) throws(Failure) {
        guard case .secret(.command, _) = client.authentication else { return }
        try CommandPermission(context: context).require(for: "client_secret_command")
    }

    private func output(of command: CommandLineProgram) throws(Failure) -> Secret {
        let program = try resolve(command)
        world.voice.trace { .started(program: program.name) }
        do {
            return try world.engines.run(program)
        } catch {
            throw Failure(
                error.kind, error.what, because: error.because, remedy: choice.correction)
        }
    }

    /// The command with the path of its program made absolute in the same way as that of a file.
    private func resolve(_ command: CommandLineProgram) throws(Failure) -> CommandLineProgram {
        guard case .arguments(let words) = command, words[0].utf8.contains(UInt8(ascii: "/")) else {
            return command
        }
        let path = try resolve(words[0])
        guard path.isAbsolutePath else {
            throw Failure(
                .profile, "cannot run 'client_secret_command' of profile '\(profile)'",
                because: "'\(path)' is a relative path, and the profile is in no directory")
        }
        return .arguments([path] + words.dropFirst())
    }

    private func read(_ name: String) throws(Failure) -> Secret {
        let path = try resolve(name)
        let problem: String
        switch File.read(path, .anyFile) {
        case .missing: problem = "it does not exist"
        case .unreadable(let reason), .refused(let reason): problem = reason
        case .content(let content):
            if content.isReadableByOthers {
                world.voice.notice(
                    "the secret in '\(path)' is readable by other users\(content.correction(of: path))"
                )
            }
            let secret = Secret(firstLineOf: content.bytes)
            if let secret, !secret.isEmpty { return secret }
            problem = secret == nil ? "it is not UTF-8" : "its first line is empty"
        }
        throw Failure(
            .profile, "cannot read the client secret of profile '\(profile)'",
            because: "'\(path)': \(problem)", remedy: "ls -l \(path.shellQuoted)")
    }

    private func resolve(_ path: String) throws(Failure) -> String {
        try Self.path(path, of: choice)
    }

    /// The path of a file that a profile names.
    static func path(_ name: String, of choice: ProfileChoice) throws(Failure) -> String {
        if name.utf8.starts(with: "~/".utf8) {
            return "\(try ProcessEnvironment.home())/\(name.dropFirst(2))"
        }
        guard !name.isAbsolutePath, let folder = choice.folder else { return name }
        return "\(folder)/\(name)"
    }
}
