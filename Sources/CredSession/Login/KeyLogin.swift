import CredCore
import CredOAuth
import CredSystem

/// A login that stores an API key: one that the person has, or one that a server returns for a
/// password.
struct KeyLogin: Sendable {
    let dialogue: LoginDialogue
    let keeping: LoginKeeping

    private var choice: ProfileChoice { dialogue.choice }

    /// Saves an existing key where Planet's Python tools look for it, after trying it at its
    /// service.
    func run(_ key: APIKey) throws(Failure) -> LoggedIn {
        guard key.key == nil else { throw .hasKey(choice) }
        guard let text = try text(),
            let authorization = Authorization(scheme: key.scheme, credential: text.reveal())
        else {
            throw Failure(
                .failed, "cannot use the API key",
                because: "it is empty or contains a character that is not allowed in an HTTP header"
            )
        }
        try check(authorization, key)
        // The Python tools require both members.
        return try keeping.keep(
            key: ["api_key": .string(text.reveal()), "bearer_token_prefix": .string(key.scheme)],
            of: nil)
    }

    /// Tries the key with one request, if the service has a page for that. Fails with kind
    /// `.loginRequired` if the service refuses the key; no other result proves that it is wrong.
    private func check(_ authorization: Authorization, _ key: APIKey) throws(Failure) {
        let world = dialogue.world
        guard let url = key.check, choice.profile.covers(url.origin) else { return }
        let request = HTTPRequest(
            .get, url,
            headers: [
                HTTPRequest.Header("Authorization", authorization.headerValue), .acceptJSON,
            ])
        let host = url.origin.authority
        let reason: String
        switch world.send(request, timeLimit: Self.checkTimeout) {
        case .answered(let response) where response.status == 401:
            throw .loginRefused(choice, "'\(host)' refused the API key (HTTP status 401)")
        case .answered(let response) where (200...299) ~= response.status: return
        case .answered(let response):
            reason = "'\(host)' answered with HTTP status \(response.status)"
        case .unreachable(let why), .interrupted(let why): reason = why
        case .impossible(let failure): reason = failure.asReason
        }
        world.voice.notice("the API key could not be checked: \(reason)")
    }

    /// The timeout of the check in milliseconds; short, because a person is waiting.
    private static let checkTimeout: Int64 = 10_000

    /// Reads the key; `nil` if it is not UTF-8.
    private func text() throws(Failure) -> Secret? {
        switch dialogue.request.key {
        case .terminal: return try dialogue.ask("API key", .hidden, or: .keyFile)
        case .standardInput:
            guard !StandardStreams.inputIsTerminal else {
                throw Failure(
                    .usage, "cannot read the API key from standard input",
                    because: "it is a terminal, which would show the key",
                    remedy: choice.loginCommand)
            }
            return Secret(firstLineOf: try StandardStreams.readInput(until: dialogue.deadline))
        case .file(let path):
            switch File.read(path, .anyFile) {
            case .content(let content): return Secret(firstLineOf: content.bytes)
            case .missing: throw .unreadableKey(path, "it does not exist")
            case .unreadable(let reason): throw .unreadableKey(path, reason)
            case .refused(let reason):
                throw .unreadableKey(path, "\(reason); use '--key-file -' to read standard input")
            }
        }
    }

    /// Saves the key that Planet returns for an e-mail address and a password.
    func run(_ legacy: LegacyLogin) throws(Failure) -> LoggedIn {
        guard legacy.key == nil else { throw .hasKey(choice) }
        let endpoint = try legacy.endpoint()
        let (email, result) = try dialogue.exchange(
            UserCredentials(), named: "E-mail address", refusal: { Self.refusal($0) },
            send: { (email, password) throws(Failure) in
                LegacyLoginGrant.request(
                    email: email, password: password, at: endpoint, world: dialogue.world,
                    timeLimit: Renewal.timeout)
            })
        if let reason = Self.refusal(result) { throw .loginRefused(choice, reason) }
        let answer = try result.value(ofLoginTo: choice)
        return try keeping.keep(
            key: [
                "jwt": .string(answer.jwt.reveal()),
                "key": .string(answer.key.credential.reveal()),
            ], of: email)
    }

    /// Whatever reason the server gives, it concerns the address or the password.
    private static func refusal<Answer>(_ result: EndpointResult<Answer>) -> String? {
        switch result {
        case .rejected(let rejection), .endpointMissing(.notFound(let rejection)):
            rejection.reason
        case .success, .endpointMissing(.unnamed), .busy, .unusable, .failed: nil
        }
    }
}

extension Failure {
    fileprivate static func hasKey(_ choice: ProfileChoice) -> Failure {
        Failure(
            .usage, "profile '\(choice.profile.name)' needs no login",
            because: "its configuration already contains the API key",
            remedy: choice.command("token"))
    }

    fileprivate static func unreadableKey(_ path: String, _ reason: String) -> Failure {
        Failure(
            .failed, "cannot read the API key in '\(path)'", because: reason,
            remedy: "ls -l \(path.shellQuoted)")
    }
}
