package import CredCore

/// Asks a server whether an access token is valid.
package enum TokenInquiry {
    /// The server's answer about a token.
    package enum Opinion: Hashable, Sendable {
        /// The token is valid; the members of the answer, without secrets that were sent.
        case active(JSONObject)
        /// The token is not valid, whatever else the answer contains.
        case inactive
    }

    /// Asks the introspection endpoint. RFC 7662 §2.
    /// - Parameter timeLimit: in milliseconds.
    package static func introspect(
        _ token: Secret, as client: ClientCredential, at url: WebURL,
        certificateAuthorityFile: String?, world: World, timeLimit: Int64
    ) -> EndpointResult<Opinion> {
        let fields = [
            FormField("token", token), FormField("token_type_hint", "access_token"),
        ]
        return AuthenticatedForm.prepare(
            fields, as: client, to: url, certificateAuthorityFile: certificateAuthorityFile,
            world: world
        ).flatMap { form in
            EndpointResult(to: form, world: world, timeLimit: timeLimit)
                .flatMap { opinion(in: $0, form.secrets) }
        }
    }

    private static func opinion(in answer: JSONObject, _ sent: SentSecrets)
        -> EndpointResult<Opinion>
    {
        guard let isActive = answer["active"]?.bool else {
            return .unusable("the server's answer has no boolean 'active'")
        }
        return .success(isActive ? .active(sent.hidden(in: answer)) : .inactive)
    }

    /// Sends the token to an endpoint that describes its owner, such as OpenID Connect's userinfo
    /// (Core §5.3). Status 401 means that the token is not valid. RFC 6750 §3.1.
    /// - Parameter timeLimit: in milliseconds.
    package static func show(
        _ authorization: Authorization, at url: WebURL, certificateAuthorityFile: String?,
        world: World, timeLimit: Int64
    ) -> EndpointResult<Opinion> {
        let header = HTTPRequest.Header("Authorization", authorization.headerValue)
        let request = HTTPRequest(
            .get, url, headers: [.acceptJSON, header],
            certificateAuthorityFile: certificateAuthorityFile)
        let answer = EndpointResult(to: request, world: world, timeLimit: timeLimit)
            .rejectingErrors(sent: request.secrets)
        if case .rejected(let rejection) = answer,
            rejection.status == 401 || rejection.status == 200 && rejection.code == "invalid_token"
        {
            return .success(.inactive)
        }
        return answer.map { .active(request.secrets.hidden(in: $0)) }
    }
}
