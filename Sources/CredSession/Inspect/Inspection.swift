package import CredCore
import CredOAuth

/// Inspects the cached tokens of a profile; sends requests only for the given questions.
package struct Inspection: Sendable {
    private let context: ProfileContext
    private var choice: ProfileChoice { context.choice }
    private var world: World { context.world }
    private var profile: ProfileName { context.profile }

    package init(_ context: ProfileContext) {
        self.context = context
    }

    /// The questions for the server.
    package enum Question: Hashable, Sendable {
        /// Its signing keys, to verify the tokens.
        case keys
        /// Whether it accepts the access token.
        case opinion
    }

    /// The timeout of each question, in milliseconds.
    private static let timeout: Int64 = 30_000

    /// Returns what is known of the tokens. Fails with kind `.loginRequired` without a token,
    /// `.failed` for one that is not genuine, and `.tryAgain` or `.unavailable` if the server does
    /// not answer.
    package func run(_ questions: Set<Question>) throws(Failure) -> InspectedCredential {
        let client = try client
        let (record, token) = try cached(client, questions)
        let secrets = (
            access: token.authorization.credential,
            id: record.members["id_token"]?.string.map { Secret($0) }
        )
        let sent = client.secrets.adding(record.secrets)
        var check = InspectedCredential.InspectedToken.Check.notVerified
        if questions.contains(.keys) {
            try verify(secrets.access, secrets.id, client, sent, record.clockDifference)
            check = .verified
        }
        let answer: ServerAnswer? =
            questions.contains(.opinion) ? try ask(token.authorization, client, sent) : nil
        return InspectedCredential(
            accessToken: Self.inspected(secrets.access, check, sent),
            idToken: secrets.id.map { Self.inspected($0, check, sent) },
            path: record.path, isRejected: token.isRejected, receivedAt: token.receivedAt,
            expiresAt: token.knownExpiry,
            scope: record.members["scope"]?.string.map { sent.words($0, .list) },
            clockDifference: record.clockDifference, serverAnswer: answer)
    }

    /// The error for a token that the server does not accept.
    package var inactive: Failure {
        Failure(
            .loginRequired, "the access token of profile '\(profile)' is not valid",
            because: "the server says that it is not active",
            remedy: replacement("token --rejected"))
    }

    private static func inspected(
        _ token: Secret, _ check: InspectedCredential.InspectedToken.Check, _ sent: SentSecrets
    ) -> InspectedCredential.InspectedToken {
        InspectedCredential.InspectedToken(
            format: JSONWebToken(token).map {
                .jwt(header: sent.hidden(in: $0.header), claims: sent.hidden(in: $0.claims))
            } ?? .opaque,
            check: check)
    }

    private var client: OAuthClient {
        get throws(Failure) {
            guard case .oauth(let client) = choice.profile.method else {
                throw Failure(
                    .profile, "profile '\(profile)' has no token to inspect",
                    because: "its client_type does not use OAuth 2.0",
                    remedy: choice.command("status"))
            }
            return client
        }
    }

    /// The token to inspect. One that another server issued is shown, but not sent to the profile's
    /// server.
    private func cached(_ client: OAuthClient, _ questions: Set<Question>) throws(Failure)
        -> (TokenRecord, Token)
    {
        guard choice.storage == .saved else {
            throw Failure(
                .usage, "no token to inspect with --no-save",
                because:
                    "tokens are cached in the home directory, which is neither read nor written")
        }
        let files = TokenFiles(context, client)
        let record = try files.load(.fail)
        let isSentNowhere = !questions.contains(.opinion)
        guard let record, let token = record.token ?? (isSentNowhere ? record.foreignToken : nil)
        else {
            throw Failure(
                .loginRequired, "profile '\(profile)' has no token to inspect",
                because: record?.reasonNotUsed
                    ?? "none is cached for the current settings of the profile",
                remedy: replacement("token"))
        }
        return (record, token)
    }

    /// The command that gets another token.
    /// - Parameter words: the command for a client that needs no person.
    private func replacement(_ words: String) -> String? {
        guard case .oauth(let client) = choice.profile.method, client.grant == .clientCredentials
        else { return choice.loginCommand }
        return choice.command(words)
    }

    private func verify(
        _ accessToken: Secret, _ idToken: Secret?, _ client: OAuthClient, _ sent: SentSecrets,
        _ clockDifference: Seconds?
    ) throws(Failure) {
        let verifier = TokenVerifier(
            context: context, client: client,
            lookup: EndpointLookup(client.server, sent: sent, context), sent: sent,
            clockDifference: clockDifference)
        try verifier.run(accessToken, idToken, deadline: world.clock.uptime() + Self.timeout)
    }

    private func ask(
        _ authorization: Authorization, _ client: OAuthClient, _ sent: SentSecrets
    ) throws(Failure) -> ServerAnswer {
        let inquiry = ServerInquiry(
            context: context, client: client,
            lookup: EndpointLookup(client.server, sent: sent, context), sent: sent)
        return try inquiry.run(authorization, deadline: world.clock.uptime() + Self.timeout)
    }
}

/// The facts about a cached token, with the server's answer if it was asked.
package struct InspectedCredential: Sendable {
    /// The parts of a token that can be read, never the token itself.
    package struct InspectedToken: Sendable {
        package let format: Format
        package let check: Check

        package enum Format: Hashable, Sendable {
            case jwt(header: JSONObject, claims: JSONObject)
            /// Opaque: only the server can read it.
            case opaque
        }

        /// Whether the signature was verified with the server's keys.
        package enum Check: Hashable, Sendable {
            case notVerified, verified
        }
    }

    package let accessToken: InspectedToken
    package let idToken: InspectedToken?
    /// The file that contains the token.
    package let path: String
    /// Whether a server rejected the access token, so that it is not used any more.
    package let isRejected: Bool
    package let receivedAt: UnixTime?
    package let expiresAt: UnixTime?
    package let scope: String?
    /// How far the server's clock was ahead of ours, in seconds, when it issued the token; `nil` if
    /// they agreed. The claims are times of the server's clock.
    package let clockDifference: Seconds?
    /// The server's answer; `nil` if it was not asked.
    package let serverAnswer: ServerAnswer?
}
