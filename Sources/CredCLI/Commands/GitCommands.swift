import CredCore
import CredSession
import CredSystem

/// The commands of a git credential helper: `get`, `store`, `erase`, `capability`.
/// git-credential(1), gitcredentials(7).
struct GitCommands: Sendable {
    let context: CommandContext

    /// The prefix of the `state[]` value that git repeats, so that a second request shows that the
    /// server rejected the first credential.
    private static let statePrefix = "planet-cred:"

    /// The reply; `nil` if no profile covers this host.
    func get(_ loginPolicy: LoginPolicy) throws(Failure) -> Secret? {
        let request = try readRequest()
        guard let choice = try choose(request), let origin = request.origin else {
            try checkUsername(request)
            return nil
        }
        let refused = refusedToken(request)
        if refused != .none, let challenge = request.challenges.first(where: Self.wantsScope) {
            throw Failure(
                .profile,
                "the token of profile '\(choice.profile.name)' lacks a scope for '\(origin.authority)'",
                because: "the server says '\(shown(challenge, request, choice))'",
                remedy: choice.path.map {
                    "${EDITOR:-vi} \($0.shellQuoted)    # add the scope to \"scopes\""
                })
        }
        var requirement = TokenRequirement(refused: refused)
        requirement.host = origin.authority
        guard let credential = try credential(choice, requirement, loginPolicy) else {
            return nil
        }
        let form = GitCredentialReply.Form(credential, to: request.capabilities, request.offer)
        guard let form else { throw notAccepted(credential, origin, request, choice) }
        let state =
            request.capabilities.contains(.state)
            ? Self.statePrefix + credential.authorization.credential.fingerprint : nil
        let reply = GitCredentialReply(
            credential, username: request.username ?? choice.profile.username, as: form,
            to: request.capabilities, state: state,
            // Only the first reply asks git to come back; otherwise it could continue forever.
            continues: refused == .none && credential.kind == .accessToken)
        guard let text = reply.text else {
            throw Failure(
                .profile, "cannot answer git for profile '\(choice.profile.name)'",
                because: "the user name contains a line break")
        }
        return text
    }

    /// The profile that answers the request, with the user name that git asks for; `nil` if none
    /// does.
    ///
    /// A broken profile that may name the host is reported, because its owner waits for an answer;
    /// the whole decision is only traced.
    private func choose(_ request: GitCredentialRequest) throws(Failure) -> ProfileChoice? {
        let trace = context.world.voice.trace
        let words = { request.words(repeatsRefusal: refusedToken(request) != .none) }
        guard let origin = request.origin else {
            trace { .decision([words(), "git gets nothing: \(request.problem)"]) }
            return nil
        }
        do throws(Failure) {
            let choice = try context.selection.choose(for: origin, username: request.username) {
                broken in
                StandardStreams.writeError("planet-cred: warning: \(broken.asReason)\n")
            }
            trace { .decision([words()] + decision(origin, request.username, choice)) }
            return choice
        } catch {
            trace { .decision([words(), "git gets nothing: \(error.what)"]) }
            throw error
        }
    }

    private func decision(_ origin: Origin, _ username: String?, _ choice: ProfileChoice?)
        -> [String]
    {
        let examined = context.selection.examined(for: origin, username: username, choice)
        let profiles = examined.map { "profile '\($0.name)': \($0.finding.words)" }
        if let choice {
            return profiles + [
                "profile '\(choice.profile.name)' answers, chosen by \(choice.source.description)"
            ]
        }
        let named = username.map { "'\(origin.authority)' with the user name '\($0)'" }
        return profiles + [
            "git gets nothing: no profile names \(named ?? "'\(origin.authority)'")"
        ]
    }

    /// Fails with kind `.profile` if the command line names a profile of this host that does not
    /// answer because git asks for another user name.
    private func checkUsername(_ request: GitCredentialRequest) throws(Failure) {
        guard let username = request.username, let origin = request.origin,
            let failure = try context.selection.mismatch(for: origin, username: username)
        else { return }
        throw failure
    }

    /// The failure for a host that accepts the credential in none of the forms that git can send.
    private func notAccepted(
        _ credential: Credential, _ origin: Origin, _ request: GitCredentialRequest,
        _ choice: ProfileChoice
    ) -> Failure {
        let scheme = credential.authorization.scheme
        let offered = request.offer.schemes.map { "'\($0)'" }.joined(separator: ", ")
        let isGitTooOld =
            !request.capabilities.contains(.authtype) && request.offer.includes(scheme)
        return Failure(
            .failed,
            "cannot answer git with profile '\(choice.profile.name)' at '\(origin.authority)'",
            because: isGitTooOld
                ? "the host accepts only \(offered), which git can send from version 2.46 on"
                : "the host accepts only \(offered), and the credential is for '\(scheme)'",
            remedy: isGitTooOld ? "git --version" : choice.correction)
    }

    /// The credential; `nil` if the profile sends none, or if servers refused its last tokens. git
    /// then continues as if planet-cred did not know the host, and the user is told why.
    private func credential(
        _ choice: ProfileChoice, _ requirement: TokenRequirement, _ loginPolicy: LoginPolicy
    ) throws(Failure) -> Credential? {
        do throws(Failure) {
            return try context.credential(
                choice, requirement, mayAsk ? loginPolicy : .unattended)
        } catch {
            guard error.kind == .tokensRefused else { throw error }
            StandardStreams.writeError(error.text)
            return nil
        }
    }

    /// A server's challenge as it may be shown: it may repeat the token that git sent.
    private func shown(
        _ challenge: String, _ request: GitCredentialRequest, _ choice: ProfileChoice
    ) -> String {
        let sent = context.profile(choice).secrets.adding([request.credential].compactMap { $0 })
        return sent.words(challenge, .sentence)
    }

    /// Whether prompts are allowed, `GIT_TERMINAL_PROMPT` in git(1).
    private var mayAsk: Bool {
        let word = context.locations.environment("GIT_TERMINAL_PROMPT")?.lowercased()
        return !["0", "false", "no", "off"].contains(word)
    }

    /// Drops the access token that git names if it is the cached one.
    func erase() throws(Failure) {
        let request = try readRequest()
        guard let origin = request.origin, let secret = request.credential, !secret.isEmpty,
            let choice = try context.selection.choose(for: origin, username: request.username)
        else { return }
        try context.session(choice).reject(secret, by: origin.authority)
    }

    /// Notes that a server accepted the token that git names. Nothing else is to be stored: tokens
    /// are cached when they are issued.
    func store() {
        // The error is ignored: git only informs us, and has no use for a failure.
        try? accept()
    }

    private func accept() throws(Failure) {
        let request = try readRequest()
        guard let origin = request.origin, let secret = request.credential, !secret.isEmpty,
            let choice = try context.selection.choose(for: origin, username: request.username)
        else { return }
        try context.session(choice).accept(secret)
    }

    static let capability =
        "version 0\n"
        + GitCredentialRequest.Capability.allCases.map { "capability \($0.rawValue)\n" }.joined()

    private func readRequest() throws(Failure) -> GitCredentialRequest {
        guard context.invocation.profile.file != "-" else {
            throw Failure(
                .usage, "cannot read the profile from standard input",
                because: "git sends its request on standard input")
        }
        let bytes = try StandardStreams.readRequest()
        guard let request = GitCredentialRequest(parsing: bytes) else {
            throw Failure(
                .failed, "cannot read git's request",
                because: GitCredentialAttributes.flaw(in: bytes))
        }
        return request
    }

    private func refusedToken(_ request: GitCredentialRequest) -> TokenRequirement.RefusedToken {
        let state = request.states.first { $0.utf8.starts(with: Self.statePrefix.utf8) }
        return state.map { .fingerprint(String($0.dropFirst(Self.statePrefix.count))) } ?? .none
    }

    /// Whether the server requires another scope, in which case a new token would not help. RFC
    /// 6750 §3.1.
    private static func wantsScope(_ challenge: String) -> Bool {
        challenge.firstRange(ofBytes: "insufficient_scope") != nil
    }
}
