package import CredCore

/// A login on another device: a code is shown here, a person types it there. RFC 8628.
package struct DeviceCodeGrant: Sendable {
    let client: OAuthClient
    let credential: ClientCredential
    let world: World

    package init(_ client: OAuthClient, as credential: ClientCredential, world: World) {
        self.client = client
        self.credential = credential
        self.world = world
    }

    package enum Start: Sendable {
        case started(DeviceAuthorization)
        case rejected(OAuthRejection)
        case busy(String)
        case failed(Failure)
    }

    /// Asks for the codes. RFC 8628 §3.1.
    /// - Parameter timeLimit: in milliseconds.
    package func start(at endpoint: WebURL, timeLimit: Int64) -> Start {
        let request = HTTPRequest.form(
            client.wishes, as: credential, to: endpoint,
            certificateAuthorityFile: client.server.certificateAuthorityFile)
        switch world.exchange(request, timeLimit: timeLimit) {
        case .unreachable(let reason), .interrupted(let reason): return .busy(reason)
        case .impossible(let failure): return .failed(failure)
        case .answered(let response):
            // An answer that is no JSON object says so below.
            let answer = try? JSONValue(parsing: response.body).object
            switch ResponseClass(response, now: world.now()) {
            case .busy: return .busy("the server answers with HTTP status \(response.status)")
            case .redirect, .refused:
                return .rejected(OAuthRejection(response.status, answer))
            case .success:
                guard let answer, answer["error"] == nil else {
                    return .rejected(OAuthRejection(response.status, answer))
                }
                do {
                    return .started(try DeviceAuthorization(answer))
                } catch {
                    return .failed(error)
                }
            }
        }
    }

    package enum End: Sendable {
        case granted(TokenResponse)
        case denied(OAuthRejection)
        /// The code's life is over, by the server's word or by our clock.
        case expired
        case failed(Failure)
    }

    /// Polls until the person is done. RFC 8628 §3.4 and §3.5.
    ///
    /// - Parameter waiting: told before each second of waiting how many seconds the person has left.
    package func poll(
        _ authorization: DeviceAuthorization, at endpoint: WebURL, waiting: (Seconds) -> Void
    ) -> End {
        let deadline = world.uptime() + authorization.lifetime * 1000
        var interval = authorization.interval
        while wait(interval, until: deadline, waiting) {
            let outcome = TokenEndpoint.exchange(
                fields(authorization), as: credential, at: endpoint,
                certificateAuthorityFile: client.server.certificateAuthorityFile, world: world,
                timeLimit: world.timeLimit(until: deadline))
            switch outcome {
            case .granted(let response): return .granted(response)
            case .failed(let failure): return .failed(failure)
            case .unusable(let reason):
                return .failed(Failure(.unavailable, "cannot use the token", because: reason))
            case .misplaced(let status):
                return .denied(OAuthRejection(status: status, code: nil, explanation: nil))
            // A server in trouble is asked less and less often.
            case .busy: interval *= 2
            case .rejected(let rejection):
                switch rejection.code {
                case "authorization_pending": continue
                case "slow_down": interval += 5
                case "expired_token": return .expired
                default: return .denied(rejection)
                }
            }
        }
        return .expired
    }

    /// Answers `false` where the person's time is over first.
    private func wait(_ interval: Seconds, until deadline: Int64, _ waiting: (Seconds) -> Void)
        -> Bool
    {
        let end = world.uptime() + interval * 1000
        while true {
            let now = world.uptime()
            guard now < deadline else { return false }
            guard now < end else { return true }
            waiting((deadline - now + 999) / 1000)
            world.sleep(min(1000, end - now, deadline - now))
        }
    }

    private func fields(_ authorization: DeviceAuthorization) -> [FormField] {
        [
            FormField("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            FormField("device_code", authorization.deviceCode.reveal()),
        ]
    }
}
