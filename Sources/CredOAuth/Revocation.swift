package import CredCore

/// Tells a server that a token is no longer needed. RFC 7009.
package enum Revocation {
    package enum TokenKind: String, Hashable, Sendable {
        case refreshToken = "refresh_token"
        case accessToken = "access_token"
    }

    /// The effect of a successful request.
    package enum Effect: Hashable, Sendable {
        /// The token is no longer valid; servers also answer so for an unknown token, RFC 7009
        /// §2.2.
        case revoked
    }

    /// Revokes a token; after any result other than a success the token may still be valid.
    /// - Parameter timeLimit: in milliseconds.
    package static func revoke(
        _ token: Secret, _ kind: TokenKind, as client: ClientCredential, at url: WebURL,
        certificateAuthorityFile: String?, world: World, timeLimit: Int64
    ) -> EndpointResult<Effect> {
        let fields = [
            FormField("token", token), FormField("token_type_hint", kind.rawValue),
        ]
        return AuthenticatedForm.prepare(
            fields, as: client, to: url, certificateAuthorityFile: certificateAuthorityFile,
            world: world
        ).flatMap { form in
            let result = EndpointResult(to: form, world: world, timeLimit: timeLimit)
            // Only the status matters, not the body. RFC 7009 §2.2.
            if case .unusable = result { return .success(.revoked) }
            return result.map { _ in .revoked }
        }
    }
}
