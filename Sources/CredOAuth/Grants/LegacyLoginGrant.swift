package import CredCore

/// An e-mail address and a password for an API key, as Planet did before OAuth.
package enum LegacyLoginGrant {
    package enum Outcome: Hashable, Sendable {
        /// The key, and the JWT that it came in.
        case granted(key: Authorization, jwt: Secret)
        /// The server does not know this e-mail address with this password; its words.
        case rejected(String)
        case busy(String)
        case unusable(String)
        case failed(Failure)
    }

    /// - Parameter timeLimit: in milliseconds.
    package static func exchange(
        email: String, password: Secret, at endpoint: WebURL, world: World, timeLimit: Int64
    ) -> Outcome {
        let form: JSONObject = [
            "email": .string(email), "password": .string(password.reveal()),
        ]
        let request = HTTPRequest(
            .post, endpoint,
            headers: [
                .acceptJSON, HTTPRequest.Header("Content-Type", Secret("application/json")),
            ], body: Secret(JSONValue.object(form).text(.compact)))
        switch EndpointAnswer(to: request, world: world, timeLimit: timeLimit) {
        case .success(let answer): return read(answer)
        case .unreadable(let reason): return .unusable(reason)
        case .refused(let rejection) where 300...399 ~= rejection.status:
            return .unusable("the server redirects, and a password does not follow")
        case .refused(let rejection), .misplaced(let rejection):
            // A server may repeat what it was sent.
            return .rejected(rejection.replacing(secret: password).reason)
        case .busy(let reason, _): return .busy(reason)
        case .failed(let failure): return .failed(failure)
        }
    }

    private static func read(_ answer: JSONObject) -> Outcome {
        guard let text = answer["token"]?.string,
            let claims = JWTClaims.unverified(Secret(text)),
            let key = claims["api_key"]?.string,
            let authorization = Authorization(scheme: APIKey.planetScheme, credential: key)
        else { return .unusable("the server's answer holds no API key") }
        return .granted(key: authorization, jwt: Secret(text))
    }
}
