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

    /// The credential for a request, after the warnings about where it comes from. Fails with kind
    /// `.profile`.
    func credential(_ client: OAuthClient) throws(Failure) -> ClientCredential {
        context.warnOfConfiguration()
        switch client.authentication {
        case .none: return .identifier(client.clientID)
        case .secret(.literal(let secret), let method):
            return .secret(id: client.clientID, secret, method)
        case .secret(.file(let path), let method):
            return .secret(id: client.clientID, try read(path), method)
        case .secret(.command(let program), let method):
            try requirePermission(client)
            return .secret(id: client.clientID, try output(of: program), method)
        case .privateKey: throw .privateKeyUnsupported(profile)
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

    private func output(of program: CommandLineProgram) throws(Failure) -> Secret {
        world.voice.trace { .started(program: program.name) }
        do {
            return try world.engines.run(program)
        } catch {
            throw Failure(
                error.kind, error.what, because: error.because, remedy: choice.correction)
        }
    }

    private func read(_ path: String) throws(Failure) -> Secret {
        let problem: String
        switch File.read(path, .anyFile) {
        case .missing: problem = "it does not exist"
        case .unreadable(let reason), .refused(let reason): problem = reason
        case .content(let content):
            content.looseness(of: path).map(context.noticeOnce)
            let secret = Secret(firstLineOf: content.bytes)
            if let secret, !secret.isEmpty { return secret }
            problem = secret == nil ? "it is not UTF-8" : "its first line is empty"
        }
        throw Failure(
            .profile, "cannot read the client secret of profile '\(profile)'",
            because: "'\(path)': \(problem)", remedy: "ls -l \(path.shellQuoted)")
    }
}

extension Failure {
    /// A login would be of no use: its last request needs a signature, too.
    static func privateKeyUnsupported(_ profile: ProfileName) -> Failure {
        Failure(
            .profile, "cannot use profile '\(profile)'",
            because:
                "its client authenticates with a private key, which this version does not support",
            remedy: "planet auth login --auth-profile \(profile.description.shellQuoted)")
    }
}
