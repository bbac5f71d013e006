package import CredCore

/// Asking a server what it makes of an access token.
package enum TokenInquiry {
    package enum Outcome: Hashable, Sendable {
        /// The server takes the token; what it says of it.
        case active(JSONObject)
        /// The server does not take the token, whatever else is in its answer.
        case inactive
        /// The server does not tell us.
        case refused(OAuthRejection)
        /// 404 or 405: there is no such endpoint at this address any more.
        case misplaced(OAuthRejection)
        /// Worth another try later; the reason in words.
        case busy(String)
        /// The answer does not say what it should; why, in words.
        case unusable(String)
        /// The server was not asked, or cannot be talked to safely.
        case failed(Failure)
    }

    /// Introspection, RFC 7662 §2.
    /// - Parameter timeLimit: in milliseconds.
    package static func introspect(
        _ token: Secret, as client: ClientCredential, at url: WebURL,
        certificateAuthorityFile: String?, world: World, timeLimit: Int64
    ) -> Outcome {
        let fields = [
            FormField("token", token.reveal()), FormField("token_type_hint", "access_token"),
        ]
        let request = HTTPRequest.form(
            fields, as: client, to: url, certificateAuthorityFile: certificateAuthorityFile)
        return outcome(EndpointAnswer(to: request, world: world, timeLimit: timeLimit)) { answer in
            guard let isActive = answer["active"]?.bool else {
                return .unusable("the server's answer has no 'active' that is true or false")
            }
            return isActive ? .active(answer) : .inactive
        }
    }

    /// Shows the token to an endpoint that tells about whoever shows one, such as OpenID Connect
    /// Core §5.3. Status 401 is its word for a token that it does not take, RFC 6750 §3.1.
    /// - Parameter timeLimit: in milliseconds.
    package static func show(
        _ authorization: Authorization, at url: WebURL, certificateAuthorityFile: String?,
        world: World, timeLimit: Int64
    ) -> Outcome {
        let header = HTTPRequest.Header("Authorization", authorization.headerValue)
        let request = HTTPRequest(
            .get, url, headers: [.acceptJSON, header],
            certificateAuthorityFile: certificateAuthorityFile)
        let answer = EndpointAnswer(to: request, world: world, timeLimit: timeLimit)
        if case .refused(let rejection) = answer, rejection.status == 401 { return .inactive }
        return outcome(answer) { members in
            // Some servers say no with status 200.
            guard members.namesError else { return .active(members) }
            return members["error"] == .string("invalid_token")
                ? .inactive : .refused(OAuthRejection(200, members))
        }
    }

    private static func outcome(_ answer: EndpointAnswer, _ read: (JSONObject) -> Outcome)
        -> Outcome
    {
        switch answer {
        case .success(let object): read(object)
        case .unreadable(let reason): .unusable(reason)
        case .refused(let rejection): .refused(rejection)
        case .misplaced(let rejection): .misplaced(rejection)
        case .busy(let reason, _): .busy(reason)
        case .failed(let failure): .failed(failure)
        }
    }
}
