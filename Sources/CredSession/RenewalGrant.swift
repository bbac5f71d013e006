import CredCore
import CredOAuth

/// How a client gets its next token without a person.
enum RenewalGrant: Hashable, Sendable {
    case clientCredentials
    case refreshToken(Secret)
    /// Both are in the profile.
    case password(username: String, Secret)

    /// `nil`: only a person can get one.
    init?(_ client: OAuthClient, _ record: TokenRecord?) {
        if client.grant == .clientCredentials {
            self = .clientCredentials
        } else if let refreshToken = record?.refreshToken {
            self = .refreshToken(refreshToken)
        } else if case .password(let user) = client.grant, let username = user.username,
            let password = user.password
        {
            self = .password(username: username, password)
        } else {
            return nil
        }
    }

    func fields(_ client: OAuthClient) -> [FormField] {
        switch self {
        case .clientCredentials: ClientCredentialsGrant.fields(client)
        case .refreshToken(let refreshToken): RefreshTokenGrant.fields(refreshToken)
        case .password(let username, let password):
            PasswordGrant.fields(client, username: username, password: password)
        }
    }
}

extension RenewalGrant {
    /// Names the session that this continues; `nil` for what needs none.
    func session(_ binding: TokenBinding) -> String? {
        switch self {
        case .clientCredentials, .password: nil
        case .refreshToken(let refreshToken): binding.fingerprint(refreshToken)
        }
    }
}
