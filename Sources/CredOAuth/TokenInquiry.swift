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
            FormField("token", token.reveal()), FormField("token_type_hint", "access_token"),
        ]
        return AuthenticatedForm.prepare(
            fields, as: client, to: url, certificateAuthorityFile: certificateAuthorityFile,
            world: world
        ).flatMap { form in
            EndpointResult(to: form.request, world: world, timeLimit: timeLimit)
                .hiding(form.secrets).flatMap { opinion(in: $0.hiding(form.secrets)) }
        }
    }

    private static func opinion(in answer: JSONObject) -> EndpointResult<Opinion> {
        guard let isActive = answer["active"]?.bool else {
            return .unusable("the server's answer has no boolean 'active'")
        }
        return .success(isActive ? .active(answer) : .inactive)
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
            .rejectingErrors()
        if case .rejected(let rejection) = answer,
            rejection.status == 401 || rejection.status == 200 && rejection.code == "invalid_token"
        {
            return .success(.inactive)
        }
        let secrets = [authorization.credential]
        return answer.hiding(secrets).map { .active($0.hiding(secrets)) }
    }
}

extension JSONObject {
    /// The same members with these secrets removed from every string, at any depth.
    fileprivate func hiding(_ secrets: [Secret]) -> JSONObject {
        JSONObject(lastOfEachName: members.map { Member($0.name, $0.value.hiding(secrets)) })
    }
}

extension JSONValue {
    fileprivate func hiding(_ secrets: [Secret]) -> JSONValue {
        switch self {
        case .null, .bool, .number: self
        case .string(let text): .string(text.hiding(secrets))
        case .array(let elements): .array(elements.map { $0.hiding(secrets) })
        case .object(let object): .object(object.hiding(secrets))
        }
    }
}
