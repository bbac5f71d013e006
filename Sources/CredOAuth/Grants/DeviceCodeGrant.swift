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
        /// The answer holds no code that we could use; why, in words.
        case unusable(String)
        case failed(Failure)
    }

    /// Asks for the codes. RFC 8628 §3.1.
    /// - Parameter timeLimit: in milliseconds.
    package func start(at endpoint: WebURL, timeLimit: Int64) -> Start {
        let request = HTTPRequest.form(
            client.wishes, as: credential, to: endpoint,
            certificateAuthorityFile: client.server.certificateAuthorityFile)
        switch EndpointAnswer(to: request, world: world, timeLimit: timeLimit) {
        case .success(let answer):
            // Some servers say no with status 200.
            if answer.namesError { return .rejected(OAuthRejection(200, answer)) }
            do {
                return .started(try DeviceAuthorization(answer))
            } catch {
                return .unusable(error.asReason)
            }
        case .unreadable(let reason): return .unusable(reason)
        case .refused(let rejection), .misplaced(let rejection): return .rejected(rejection)
        case .busy(let reason, _): return .busy(reason)
        case .failed(let failure): return .failed(failure)
        }
    }

    package enum End: Sendable {
        case granted(TokenResponse)
        case denied(OAuthRejection)
        /// The code's life is over, says the server.
        case expired
        /// The person's time is over, by our clock.
        case timeOver
        /// It is over, and the server did not answer the last poll; why, in words.
        case busy(String)
        /// The server's last answer is of no use; why, in words.
        case unusable(String)
        case failed(Failure)
    }

    /// Polls until the person is done, and once more at the very end: somebody may have agreed in the
    /// last seconds. RFC 8628 §3.4 and §3.5.
    ///
    /// - Parameter deadline: of `world.clock.uptime`, no later than the end of the code's life.
    /// - Parameter waiting: told before each second of waiting how many seconds are left.
    package func poll(
        _ authorization: DeviceAuthorization, at endpoint: WebURL, deadline: Int64,
        waiting: (Seconds) -> Void
    ) -> End {
        var interval = authorization.interval
        var hasSpoken = false
        while world.clock.uptime() < deadline {
            wait(interval, until: deadline, waiting)
            switch ask(authorization, endpoint, deadline) {
            // The server's clock and ours agree: the person's time is over.
            case .over(.expired) where world.clock.uptime() >= deadline: return .timeOver
            case .over(let end): return end
            case .pending: continue
            case .slowDown: interval += 5
            case .busy(let reason, _) where world.clock.uptime() >= deadline: return .busy(reason)
            case .busy(let reason, let retryAfter):
                if !hasSpoken {
                    world.voice.notice(
                        "the server does not say whether you are done: \(reason); asking again")
                }
                hasSpoken = true
                // Less and less often.
                interval = max(interval * 2, retryAfter ?? 0)
            }
        }
        return .timeOver
    }

    /// What one poll says.
    private enum Poll: Sendable {
        case over(End)
        case pending
        case slowDown
        case busy(String, retryAfter: Seconds?)
    }

    private func ask(_ authorization: DeviceAuthorization, _ endpoint: WebURL, _ deadline: Int64)
        -> Poll
    {
        let outcome = TokenEndpoint.exchange(
            fields(authorization), for: .poll, as: credential, at: endpoint,
            certificateAuthorityFile: client.server.certificateAuthorityFile, world: world,
            timeLimit: world.clock.timeLimit(until: deadline))
        switch outcome {
        case .granted(let response): return .over(.granted(response))
        case .failed(let failure): return .over(.failed(failure))
        case .unusable(let reason): return .over(.unusable(reason))
        case .misplaced(let status):
            return .over(.denied(OAuthRejection(status: status, code: nil, explanation: nil)))
        case .busy(let reason, let retryAfter): return .busy(reason, retryAfter: retryAfter)
        case .rejected(let rejection):
            switch rejection.code {
            case "authorization_pending": return .pending
            case "slow_down": return .slowDown
            case "expired_token": return .over(.expired)
            // A server may repeat what it was sent.
            default:
                return .over(.denied(rejection.replacing(secret: authorization.deviceCode)))
            }
        }
    }

    /// Waits, no longer than until the person's time is over.
    private func wait(_ interval: Seconds, until deadline: Int64, _ waiting: (Seconds) -> Void) {
        let end = min(world.clock.uptime() + interval * 1000, deadline)
        while true {
            let now = world.clock.uptime()
            guard now < end else { return }
            waiting((deadline - now + 999) / 1000)
            world.clock.sleep(min(1000, end - now))
        }
    }

    private func fields(_ authorization: DeviceAuthorization) -> [FormField] {
        [
            FormField("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            FormField("device_code", authorization.deviceCode.reveal()),
        ]
    }
}
