import CredCore
import CredOAuth

/// How a client gets its next token without a user.
enum RenewalGrant: Hashable, Sendable {
    case clientCredentials
    case refreshToken(Secret)
    /// With the user name and the password of the profile.
    case password(username: String, Secret)

    /// `nil` if an interactive login is required.
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
    /// The fingerprint of the session that this continues; `nil` for a grant without a session.
    func session(_ binding: TokenBinding) -> String? {
        switch self {
        case .clientCredentials, .password: nil
        case .refreshToken(let refreshToken): binding.fingerprint(refreshToken)
        }
    }
}
