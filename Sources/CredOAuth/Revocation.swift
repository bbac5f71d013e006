package import CredCore

/// Telling a server that a token is not needed any more. RFC 7009.
package enum Revocation {
    package enum TokenKind: String, Hashable, Sendable {
        case refreshToken = "refresh_token"
        case accessToken = "access_token"
    }

    package enum Outcome: Hashable, Sendable {
        /// Also for a token that the server does not know, RFC 7009 §2.2.
        case revoked
        /// The server understood and will not do it.
        case refused(OAuthRejection)
        /// 404 or 405: there is no revocation endpoint at this address any more.
        case misplaced(OAuthRejection)
        /// The token is as good as before; why, and when the server wants to be asked again.
        case busy(String, retryAfter: Seconds?)
        /// The server was not asked, or cannot be talked to safely.
        case failed(Failure)
    }

    /// - Parameter timeLimit: in milliseconds.
    package static func revoke(
        _ token: Secret, _ kind: TokenKind, as client: ClientCredential, at url: WebURL,
        certificateAuthorityFile: String?, world: World, timeLimit: Int64
    ) -> Outcome {
        let fields = [
            FormField("token", token.reveal()), FormField("token_type_hint", kind.rawValue),
        ]
        let request = HTTPRequest.form(
            fields, as: client, to: url, certificateAuthorityFile: certificateAuthorityFile)
        return switch EndpointAnswer(to: request, world: world, timeLimit: timeLimit) {
        // The status says it all. RFC 7009 §2.2.
        case .success, .unreadable: .revoked
        case .refused(let rejection): .refused(rejection)
        case .misplaced(let rejection): .misplaced(rejection)
        case .busy(let reason, let retryAfter): .busy(reason, retryAfter: retryAfter)
        case .failed(let failure): .failed(failure)
        }
    }
}
