package import CredCore

/// Telling a server that a token is not needed any more. RFC 7009.
package enum Revocation {
    package enum TokenKind: String, Hashable, Sendable {
        case refreshToken = "refresh_token"
        case accessToken = "access_token"
    }

    /// What a server does that is told.
    package enum Effect: Hashable, Sendable {
        /// Also for a token that the server does not know, RFC 7009 §2.2.
        case revoked
    }

    /// Anything but a success leaves the token as good as it was.
    /// - Parameter timeLimit: in milliseconds.
    package static func revoke(
        _ token: Secret, _ kind: TokenKind, as client: ClientCredential, at url: WebURL,
        certificateAuthorityFile: String?, world: World, timeLimit: Int64
    ) -> EndpointResult<Effect> {
        let fields = [
            FormField("token", token.reveal()), FormField("token_type_hint", kind.rawValue),
        ]
        return AuthenticatedForm.prepare(
            fields, as: client, to: url, certificateAuthorityFile: certificateAuthorityFile,
            world: world
        ).flatMap { form in
            let result = EndpointResult(to: form.request, world: world, timeLimit: timeLimit)
            // The status says it all. RFC 7009 §2.2.
            if case .unusable = result { return .success(.revoked) }
            return result.hiding(form.secrets).map { _ in .revoked }
        }
    }
}
