package import CredCore

/// The request that all grants share: it sends a form to the token endpoint and returns a token or
/// a rejection. RFC 6749 §3.2.
package enum TokenEndpoint {
    /// What the request is for.
    package enum Purpose: Hashable, Sendable {
        case token
        /// One poll of a device login. RFC 8628 §3.5.
        case poll
    }

    /// - Parameters:
    ///   - stated: the type of the tokens according to the profile.
    ///   - timeLimit: in milliseconds.
    package static func request(
        _ grant: [FormField], for purpose: Purpose = .token, as client: ClientCredential,
        at url: WebURL, typedAs stated: StatedTokenType? = nil, certificateAuthorityFile: String?,
        world: World, timeLimit: Int64, recording: Recording? = nil
    ) -> EndpointResult<TokenResponse> {
        AuthenticatedForm.prepare(
            grant, as: client, to: url, certificateAuthorityFile: certificateAuthorityFile,
            world: world
        ).flatMap { form in
            switch world.send(form, timeLimit: timeLimit, recording: recording) {
            case .unreachable(let reason), .interrupted(let reason):
                .busy(reason, retryAfter: nil)
            case .impossible(let failure): .failed(failure)
            case .answered(let response):
                traced(
                    result(
                        response, to: purpose, from: url, typedAs: stated,
                        sent: form.secrets, now: world.clock.now()), world)
            }
        }
    }

    private static func traced(_ result: EndpointResult<TokenResponse>, _ world: World)
        -> EndpointResult<TokenResponse>
    {
        if case .success(let response) = result, let oddity = response.oddity {
            world.voice.trace { .oddAnswer(oddity) }
        }
        return result
    }

    /// The meaning of a response. One with status 2xx whose body is not JSON, or is damaged, counts
    /// as well if a token is found in it: the server has issued it.
    /// - Parameters:
    ///   - url: the URL that answered; `nil` if it is not known.
    ///   - stated: the type of the tokens according to the profile.
    ///   - sent: the secrets that the server's words must not show.
    package static func result(
        _ response: HTTPResponse, to purpose: Purpose = .token, from url: WebURL? = nil,
        typedAs stated: StatedTokenType? = nil, sent: SentSecrets, now: UnixTime
    ) -> EndpointResult<TokenResponse> {
        if purpose == .poll, let rejection = delay(response, sent, now: now) {
            return .rejected(rejection)
        }
        var answer = EndpointResult(response, from: url, sent: sent, now: now)
        var oddity: String?
        if case .unusable = answer, let damaged = DamagedAnswer(response) {
            answer = .success(damaged.membersOfToken)
            oddity = damaged.form
        }
        // Possibly a temporary network problem: keep polling.
        if purpose == .poll, case .unusable(let reason) = answer {
            return .busy(reason, retryAfter: nil)
        }
        if case .rejected(let rejection) = answer, 300...399 ~= rejection.status {
            return .unusable(
                "the server redirects (HTTP status \(rejection.status)), and redirects are not followed"
            )
        }
        return answer.rejectingErrors(status: response.status, sent: sent).flatMap { members in
            do throws(Failure) {
                var token = try TokenResponse(members, sent: sent, typedAs: stated, oddity: oddity)
                token.clockDifference = response.clockDifference(at: now)
                return .success(token)
            } catch {
                return .unusable(error.because ?? error.what)
            }
        }
    }

    /// The rejection if the device must wait before it polls again; some servers send it with
    /// status 429 or 5xx.
    private static func delay(
        _ response: HTTPResponse, _ sent: SentSecrets, now: UnixTime
    ) -> OAuthRejection? {
        guard case .busy = ResponseClass(response, now: now) else { return nil }
        // The error is ignored: a body that is not JSON has no error code.
        let rejection = OAuthRejection(
            response.status, try? JSONValue(parsing: response.body).object, sent: sent)
        return ["slow_down", "authorization_pending"].contains(rejection.code) ? rejection : nil
    }

    /// The refresh token in a response, even if its access token is unusable: the old refresh token
    /// is answered and may no longer be valid. `nil` for a rejection.
    package static func refreshToken(in response: HTTPResponse, now: UnixTime) -> Secret? {
        // The error is ignored: of a body that is not JSON, `DamagedAnswer` reads what it can.
        let body = try? JSONValue(parsing: response.body).object
        guard ResponseClass(response, now: now) == .success,
            let answer = body ?? DamagedAnswer(response)?.members, !answer.namesError,
            let text = answer.text("refresh_token")
        else { return nil }
        return Secret(text)
    }
}

extension DamagedAnswer {
    fileprivate init?(_ response: HTTPResponse) {
        self.init(response.body, isComplete: response.isComplete)
    }

    /// The members of a token response. The type may be what is missing.
    fileprivate var membersOfToken: JSONObject {
        var members = members
        if members["access_token"] != nil, members["token_type"] == nil {
            members["token_type"] = .string("Bearer")
        }
        return members
    }
}
