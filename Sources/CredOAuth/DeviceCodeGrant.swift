package import CredCore

/// The device authorization grant: this program shows a code, and the person enters it in a browser
/// on any device. RFC 8628.
package struct DeviceCodeGrant: Sendable {
    let client: OAuthClient
    let credential: ClientCredential
    let world: World

    package init(_ client: OAuthClient, as credential: ClientCredential, world: World) {
        self.client = client
        self.credential = credential
        self.world = world
    }

    /// Requests the device code and the user code. RFC 8628 §3.1.
    /// - Parameter timeLimit: in milliseconds.
    package func start(at endpoint: WebURL, timeLimit: Int64)
        -> EndpointResult<DeviceAuthorization>
    {
        AuthenticatedForm.prepare(
            credential.identification + client.wishes, as: credential, to: endpoint,
            certificateAuthorityFile: client.server.certificateAuthorityFile, world: world
        ).flatMap { form in
            EndpointResult(to: form, world: world, timeLimit: timeLimit)
                .rejectingErrors(sent: form.secrets).flatMap { answer in
                    do throws(Failure) {
                        return .success(try DeviceAuthorization(answer, sent: form.secrets))
                    } catch {
                        return .unusable(error.asReason)
                    }
                }
        }
    }

    /// The state of the login according to one poll.
    package enum Progress: Hashable, Sendable {
        case granted(TokenResponse)
        case pending
        /// Pending; the interval between polls grows by five seconds from now on.
        case slowDown
        /// The device code has expired.
        case expired
    }

    /// Polls until the login ends or the deadline has passed, with one last poll at the deadline,
    /// because the person may have agreed in the last seconds. RFC 8628 §3.4 and §3.5.
    ///
    /// Returns the last answer; `.pending` if the deadline has passed by our clock.
    /// - Parameter deadline: in terms of `world.clock.uptime`, no later than the expiry of the
    ///   code.
    /// - Parameter waiting: called before each second of waiting, with the seconds that are left.
    package func poll(
        _ authorization: DeviceAuthorization, at endpoint: WebURL, deadline: Int64,
        waiting: (Seconds) -> Void
    ) -> EndpointResult<Progress> {
        var interval = authorization.interval
        var hasSpoken = false
        while world.clock.uptime() < deadline {
            wait(interval, until: deadline, waiting)
            let result = ask(authorization, endpoint, deadline)
            let isOver = world.clock.uptime() >= deadline
            switch result {
            case .success(.pending): continue
            case .success(.slowDown): interval += 5
            // The server says so too: the time for this login is over.
            case .success(.expired) where isOver: continue
            case .busy(let reason, let retryAfter) where !isOver:
                if !hasSpoken {
                    world.voice.notice(
                        "cannot poll the server: \(reason); trying again")
                }
                hasSpoken = true
                // Back off exponentially, or for as long as the server asks.
                interval = max(interval * 2, retryAfter ?? 0)
            case .success(.granted), .success(.expired), .rejected, .endpointMissing, .busy,
                .unusable, .failed:
                return result
            }
        }
        return .success(.pending)
    }

    /// Polls once.
    private func ask(_ authorization: DeviceAuthorization, _ endpoint: WebURL, _ deadline: Int64)
        -> EndpointResult<Progress>
    {
        let result = TokenEndpoint.request(
            fields(authorization), for: .poll, as: credential, at: endpoint,
            typedAs: client.tokenType,
            certificateAuthorityFile: client.server.certificateAuthorityFile, world: world,
            timeLimit: world.clock.timeLimit(until: deadline))
        guard case .rejected(let rejection) = result else {
            return result.map(Progress.granted)
        }
        return switch rejection.code {
        case "authorization_pending": .success(.pending)
        case "slow_down": .success(.slowDown)
        case "expired_token": .success(.expired)
        default: .rejected(rejection)
        }
    }

    /// Waits for the interval, but not beyond the deadline.
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
            FormField("device_code", authorization.deviceCode),
        ]
    }
}

/// The response of the device authorization endpoint. RFC 8628 §3.2.
package struct DeviceAuthorization: Hashable, Sendable {
    package let deviceCode: Secret
    /// The code that the person enters in the browser; one line of at most `longestUserCode`
    /// characters.
    package let userCode: String
    package let verificationURI: WebURL
    /// The verification URI that already contains the user code.
    package let completeURI: WebURL?
    /// How long the codes are valid, in seconds.
    package let lifetime: Seconds
    /// The minimum time between two polls, in seconds.
    package let interval: Seconds

    /// The interval if the server gives none. RFC 8628 §3.2.
    private static let defaultInterval: Seconds = 5

    /// The maximum length of a user code, in characters. Real ones have about nine; a longer text
    /// could be a message to the person that seems to come from us. RFC 8628 §6.1.
    private static let longestUserCode = 64
    /// The maximum length of a verification URI, in bytes; a longer one fits neither a terminal nor
    /// a QR code.
    private static let longestURI = 2000

    /// Reads a response of the device authorization endpoint. Fails with kind `.unavailable`, also
    /// if a URI is not http or https: a browser could be made to run anything else.
    /// - Parameter sent: the secrets that must not appear in the code or in a URI.
    init(_ answer: JSONObject, sent: SentSecrets) throws(Failure) {
        guard let deviceCode = answer.text("device_code") else {
            throw Self.unusable("it has no 'device_code'")
        }
        self.deviceCode = Secret(deviceCode)
        let sent = sent.adding([self.deviceCode])
        userCode = try Self.userCode(answer["user_code"]?.string ?? "", sent)
        guard let page = try Self.url(Self.pageNames, answer, sent) else {
            throw Self.unusable("it has no 'verification_uri'")
        }
        verificationURI = page
        completeURI = try Self.url(Self.completePageNames, answer, sent)
        guard let lifetime = answer["expires_in"]?.lifetime, lifetime > 0 else {
            throw Self.unusable("it does not say how long the code is valid ('expires_in')")
        }
        // A day is more than a person needs, and prevents an overflow.
        self.lifetime = min(lifetime, 86_400)
        interval = min(max(answer["interval"]?.lifetime ?? Self.defaultInterval, 1), 86_400)
    }

    private static func userCode(_ text: String, _ sent: SentSecrets) throws(Failure) -> String {
        guard text.utf8.contains(where: { $0 > 0x20 }) else {
            throw unusable("it has no 'user_code'")
        }
        guard text.unicodeScalars.prefix(longestUserCode + 1).count <= longestUserCode else {
            throw unusable("its 'user_code' has more than \(longestUserCode) characters")
        }
        guard text.isOneTerminalLine else {
            throw unusable("its 'user_code' contains a control character")
        }
        guard !sent.appear(in: text) else {
            throw unusable("its 'user_code' repeats a secret that was sent")
        }
        return text
    }

    /// RFC 8628 §3.2, then the names of its drafts, which some servers still use.
    private static let pageNames = ["verification_uri", "verification_url"]
    private static let completePageNames = [
        "verification_uri_complete", "verification_url_complete",
    ]

    /// The URL in the first of these members that has a value; `nil` if none has.
    private static func url(_ names: [String], _ answer: JSONObject, _ sent: SentSecrets)
        throws(Failure) -> WebURL?
    {
        guard let name = names.first(where: answer.has) else { return nil }
        guard let text = answer.text(name) else { throw unusable("its '\(name)' is not a string") }
        guard text.utf8.count <= longestURI else {
            throw unusable("its '\(name)' has more than \(longestURI) characters")
        }
        guard !sent.appear(in: text) else {
            throw unusable("its '\(name)' repeats a secret that was sent")
        }
        do {
            return try WebURL(page: text)
        } catch {
            throw unusable("its '\(name)' is invalid: \(error.because ?? "it has no valid host")")
        }
    }

    private static func unusable(_ problem: String) -> Failure {
        Failure(
            .unavailable, "invalid device authorization response",
            because: problem)
    }
}
