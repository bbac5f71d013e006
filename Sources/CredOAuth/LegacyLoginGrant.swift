package import CredCore

/// Exchanges an e-mail address and a password for an API key: Planet's login before OAuth.
package enum LegacyLoginGrant {
    /// The API key that the server returned.
    package struct Answer: Hashable, Sendable {
        package let key: Authorization
        /// The JWT that contained the key.
        package let jwt: Secret
    }

    /// - Parameter timeLimit: in milliseconds.
    package static func request(
        email: String, password: Secret, at endpoint: WebURL, world: World, timeLimit: Int64
    ) -> EndpointResult<Answer> {
        let form: JSONObject = [
            "email": .string(email), "password": .string(password.reveal()),
        ]
        let request = HTTPRequest(
            .post, endpoint,
            headers: [
                .acceptJSON, HTTPRequest.Header("Content-Type", Secret("application/json")),
            ], body: Secret(JSONValue.object(form).text(.compact)), secrets: SentSecrets([password])
        )
        let result = EndpointResult(to: request, world: world, timeLimit: timeLimit)
        if case .rejected(let rejection) = result, 300...399 ~= rejection.status {
            return .unusable("the server redirects, and redirects are not followed")
        }
        return result.flatMap(read)
    }

    private static func read(_ answer: JSONObject) -> EndpointResult<Answer> {
        guard let text = answer["token"]?.string,
            let claims = JWTClaims.unverified(Secret(text)),
            let key = claims["api_key"]?.string,
            let authorization = Authorization(scheme: APIKey.planetScheme, credential: key)
        else { return .unusable("the server's answer contains no API key") }
        return .success(Answer(key: authorization, jwt: Secret(text)))
    }
}
