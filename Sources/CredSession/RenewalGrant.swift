import CredCore
import CredOAuth

/// How a client gets its next token without a person.
enum RenewalGrant: Hashable, Sendable {
    case clientCredentials
    case refreshToken(Secret)

    /// `nil`: only a person can get one.
    init?(_ client: OAuthClient, _ file: TokenFile?) {
        if client.grant == .clientCredentials {
            self = .clientCredentials
        } else if let refreshToken = file?.refreshToken {
            self = .refreshToken(refreshToken)
        } else {
            return nil
        }
    }

    func fields(_ client: OAuthClient) -> [FormField] {
        switch self {
        case .clientCredentials: ClientCredentialsGrant.fields(client)
        case .refreshToken(let refreshToken): RefreshTokenGrant.fields(refreshToken)
        }
    }
}

extension RenewalGrant {
    /// Names the session that this continues; `nil` for what needs none.
    func session(_ binding: TokenBinding) -> String? {
        switch self {
        case .clientCredentials: nil
        case .refreshToken(let refreshToken): binding.fingerprint(refreshToken)
        }
    }
}

extension OAuthClient {
    var brokenFiles: TokenCache.BrokenFiles {
        grant == .clientCredentials ? .countAsMissing : .fail
    }
}
