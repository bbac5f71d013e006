package import CredCore

/// The one exchange that all grants share: a form goes to the token endpoint, a token or a
/// refusal comes back. RFC 6749 §3.2.
package enum TokenEndpoint {
    /// What a form is sent for.
    package enum Purpose: Hashable, Sendable {
        case token
        /// One of many while a person is at another device. RFC 8628 §3.5.
        case poll
    }

    /// - Parameter timeLimit: in milliseconds.
    package static func request(
        _ grant: [FormField], for purpose: Purpose = .token, as client: ClientCredential,
        at url: WebURL, certificateAuthorityFile: String?, world: World, timeLimit: Int64,
        recording: Recording? = nil
    ) -> EndpointResult<TokenResponse> {
        AuthenticatedForm.prepare(
            grant, as: client, to: url, certificateAuthorityFile: certificateAuthorityFile,
            world: world
        ).flatMap { form in
            switch world.send(form.request, timeLimit: timeLimit, recording: recording) {
            case .unreachable(let reason), .interrupted(let reason):
                .busy(reason, retryAfter: nil)
            case .impossible(let failure): .failed(failure)
            case .answered(let response):
                result(response, to: purpose, from: url, now: world.clock.now())
                    .hiding(form.secrets)
            }
        }
    }

    /// - Parameter url: who answered; `nil` if nobody knows any more.
    package static func result(
        _ response: HTTPResponse, to purpose: Purpose = .token, from url: WebURL? = nil,
        now: UnixTime
    ) -> EndpointResult<TokenResponse> {
        if purpose == .poll, let rejection = delay(response, now: now) {
            return .rejected(rejection)
        }
        let answer = EndpointResult(response, from: url, now: now)
        // Trouble on the way, which may be over when a device polls next.
        if purpose == .poll, case .unusable(let reason) = answer {
            return .busy(reason, retryAfter: nil)
        }
        if case .rejected(let rejection) = answer, 300...399 ~= rejection.status {
            return .unusable(
                "the server redirects (HTTP status \(rejection.status)), and redirects are not followed"
            )
        }
        return answer.rejectingErrors(status: response.status).flatMap { members in
            do throws(Failure) {
                return .success(try TokenResponse(members))
            } catch {
                return .unusable(error.because ?? error.what)
            }
        }
    }

    /// Some servers say by their status, too, that a device polls too often.
    private static func delay(_ response: HTTPResponse, now: UnixTime) -> OAuthRejection? {
        guard case .busy = ResponseClass(response, now: now) else { return nil }
        // A body that is no JSON object says nothing of the kind.
        let rejection = OAuthRejection(
            response.status, try? JSONValue(parsing: response.body).object)
        return ["slow_down", "authorization_pending"].contains(rejection.code) ? rejection : nil
    }

    /// The refresh token of an answer, which may be there although its access token is of no use:
    /// the one that it answers is spent all the same. `nil` for a refusal.
    package static func refreshToken(in response: HTTPResponse, now: UnixTime) -> Secret? {
        guard ResponseClass(response, now: now) == .success,
            let answer = try? JSONValue(parsing: response.body).object, !answer.namesError,
            let text = answer["refresh_token"]?.string, !text.isEmpty
        else { return nil }
        return Secret(text)
    }
}
