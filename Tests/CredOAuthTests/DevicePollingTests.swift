import CredCore
import CredOAuth
import Synchronization
import TestSupport
import Testing

/// The wait for a person at another device, on a clock that only waiting moves. RFC 8628 §3.4, §3.5.
@Suite("Device polling") struct DevicePollingTests {
    /// What the server says to each poll, and when it must have been asked, in seconds from the
    /// start.
    struct Dialogue: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var members = ""
        let answers: [TransportResult]
        /// How long each answer takes, in milliseconds.
        var latency: Int64 = 0
        let moments: [Seconds]
        let end: String

        init(
            _ name: String, of members: String = "", _ answers: [TransportResult],
            latency: Int64 = 0,
            at moments: [Seconds], _ end: String
        ) {
            testDescription = name
            self.members = members
            self.answers = answers
            self.latency = latency
            self.moments = moments
            self.end = end
        }
    }

    private static let pending = TransportResult.status(400, #"{"error":"authorization_pending"}"#)
    private static let slowDown = TransportResult.status(400, #"{"error":"slow_down"}"#)
    private static let granted = TransportResult.status(
        200, #"{"access_token":"t","token_type":"Bearer","refresh_token":"r"}"#)
    private static let timeOut = TransportResult.interrupted("timed out")

    @Test(
        "DEV-02: DEV-04: who is pending is asked again and again, never faster than was agreed",
        arguments: [
            Dialogue("at once", [granted], at: [5], "granted"),
            Dialogue(
                "after three times", [pending, pending, pending, granted], at: [5, 10, 15, 20],
                "granted"),
            Dialogue(
                "every seven seconds", of: #","interval":7"#, [pending, pending, granted],
                at: [7, 14, 21], "granted"),
            Dialogue(
                "every second", of: #","interval":1"#, [pending, pending, granted], at: [1, 2, 3],
                "granted"),
            Dialogue(
                "counted from each answer", of: #","interval":7"#, [pending, pending, granted],
                latency: 2000, at: [7, 16, 25], "granted"),
            Dialogue(
                "pending with another status",
                [
                    .status(503, #"{"error":"authorization_pending"}"#),
                    .status(428, #"{"error":"authorization_pending"}"#),
                    .status(200, #"{"error":"authorization_pending"}"#),
                    .status(403, #"{"error":"authorization_pending","error_description":"x"}"#),
                    granted,
                ], at: [5, 10, 15, 20, 25], "granted"),
        ])
    func waiting(_ dialogue: Dialogue) throws {
        try hold(dialogue)
    }

    @Test(
        "DEV-05: who is told to slow down waits five seconds longer from then on",
        arguments: [
            Dialogue(
                "twice", [slowDown, slowDown, granted], at: [5, 15, 30], "granted"),
            Dialogue(
                "for all later polls", [slowDown, pending, pending, slowDown, pending, granted],
                at: [5, 15, 25, 35, 50, 65], "granted"),
            Dialogue(
                "from seven", of: #","interval":7"#, [slowDown, granted], at: [7, 19], "granted"),
            Dialogue(
                "from one", of: #","interval":1"#, [slowDown, slowDown, granted], at: [1, 7, 18],
                "granted"),
            Dialogue(
                "with another status", of: #","interval":1"#,
                [.status(429, #"{"error":"slow_down"}"#), granted], at: [1, 7], "granted"),
        ])
    func slowing(_ dialogue: Dialogue) throws {
        try hold(dialogue)
    }

    @Test(
        "DEV-06: DEV-07: a no and the end of the code stop the polls at once",
        arguments: [
            Dialogue(
                "denied", [pending, .status(400, #"{"error":"access_denied"}"#), granted],
                at: [5, 10], "denied access_denied"),
            Dialogue(
                "expired", [pending, .status(400, #"{"error":"expired_token"}"#), granted],
                at: [5, 10], "expired"),
            Dialogue(
                "denied with status 200", [.status(200, #"{"error":"access_denied"}"#), granted],
                at: [5], "denied access_denied"),
            Dialogue(
                "a client that may not", [.status(401, #"{"error":"invalid_client"}"#), granted],
                at: [5], "denied invalid_client"),
            Dialogue(
                "a code that was used", [.status(400, #"{"error":"invalid_grant"}"#), granted],
                at: [5], "denied invalid_grant"),
            Dialogue(
                "an error in capitals",
                [.status(400, #"{"error":"AUTHORIZATION_PENDING"}"#), granted], at: [5],
                "denied AUTHORIZATION_PENDING"),
            Dialogue("no endpoint", [.status(404), granted], at: [5], "no endpoint"),
            Dialogue("a page", [.status(403, "<html>"), granted], at: [5], "denied -"),
            Dialogue("elsewhere", [.status(302), granted], at: [5], "unusable"),
            Dialogue(
                "a token of no use", [.status(200, #"{"access_token":"t"}"#), granted], at: [5],
                "unusable"),
            Dialogue(
                "no TLS", [.impossible(Failure(.failed, "no TLS")), granted], at: [5],
                "failed failed"),
        ])
    func stopping(_ dialogue: Dialogue) throws {
        try hold(dialogue)
    }

    @Test(
        "DEV-08: a server that has the person pending for ever is asked a last time when the code is over",
        arguments: [
            Dialogue(
                "twelve seconds", of: #","expires_in":12"#, forever(pending),
                at: [5, 10, 12], "time over"),
            Dialogue(
                "the end of an interval is the last time", of: #","expires_in":10"#,
                forever(pending), at: [5, 10], "time over"),
            Dialogue(
                "who agrees in the last seconds", of: #","expires_in":12"#,
                [pending, pending, granted], at: [5, 10, 12], "granted"),
            Dialogue(
                "a server that is as punctual", of: #","expires_in":7"#,
                [pending, .status(400, #"{"error":"expired_token"}"#)], at: [5, 7], "time over"),
            Dialogue(
                "time for one poll", of: #","expires_in":5"#, forever(pending), at: [5],
                "time over"),
            Dialogue(
                "a long interval", of: #","expires_in":60,"interval":3600"#, forever(pending),
                at: [60], "time over"),
            Dialogue(
                "slow answers", of: #","expires_in":12"#, forever(pending), latency: 3000,
                at: [5, 12], "time over"),
            Dialogue(
                "slower and slower", of: #","expires_in":60"#, forever(slowDown),
                at: [5, 15, 30, 50, 60], "time over"),
        ])
    func expiry(_ dialogue: Dialogue) throws {
        try hold(dialogue)
    }

    @Test(
        "DEV-09: a server that is not reached is asked half as often each time, until the end",
        arguments: [
            Dialogue(
                "doubling", [timeOut, timeOut, .unreachable("refused"), granted],
                at: [5, 15, 35, 75], "granted"),
            Dialogue(
                "from seven", of: #","interval":7"#, [timeOut, timeOut, granted], at: [7, 21, 49],
                "granted"),
            Dialogue(
                "for all later polls", [timeOut, pending, pending, granted], at: [5, 15, 25, 35],
                "granted"),
            Dialogue(
                "and slower on top", [timeOut, slowDown, granted], at: [5, 15, 30], "granted"),
            Dialogue(
                "counted from the time-out", [timeOut, timeOut, granted], latency: 10_000,
                at: [5, 25, 55], "granted"),
            Dialogue(
                "a server in trouble",
                [.status(503), .status(429), .status(400, #"{"error":"server_error"}"#), granted],
                at: [5, 15, 35, 75], "granted"),
            Dialogue(
                "somebody else on the way",
                [.status(200, "<html>"), .status(200), .status(200, "[]"), granted],
                at: [5, 15, 35, 75], "granted"),
            Dialogue(
                "until the end", of: #","expires_in":100"#, forever(timeOut),
                at: [5, 15, 35, 75, 100], "busy"),
        ])
    func trouble(_ dialogue: Dialogue) throws {
        try hold(dialogue)
    }

    @Test("TOK-12: a server that says how long it is busy is left alone for so long")
    func busy() throws {
        let busy = TransportResult.status(429, headers: "Retry-After: 30\r\n")
        try hold(
            Dialogue(
                "thirty seconds", of: #","interval":1"#, [busy, Self.granted], at: [1, 31],
                "granted"))
    }

    @Test("DEV-08: who gives up does so when the code is over, not before and not after")
    func moment() throws {
        let server = ScriptedServer(
            script: [.device(#","expires_in":100"#)] + Self.forever(Self.timeOut))
        _ = try poll(server)
        #expect(server.uptime == 100_000)
    }

    @Test("DEV-08: no poll may take longer than the code lives, but for a second")
    func timeLimits() throws {
        let server = ScriptedServer(
            script: [.device(#","expires_in":41,"interval":20"#)] + Self.forever(Self.pending))
        _ = try poll(server)
        #expect(server.happened.timeLimits.dropFirst() == [21_000, 1000, 1000])
    }

    @Test("DEV-01: a poll names the device code, the grant and the client")
    func request() throws {
        let server = ScriptedServer(.device(), Self.pending, Self.granted)
        _ = try poll(server, .identifier("id"))
        let polls = server.requests.dropFirst()
        let fields = [
            FormField("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            FormField("device_code", "dc"), FormField("client_id", "id"),
        ]
        #expect(polls.map(\.fields) == [fields, fields])
        #expect(polls.map(\.url.description) == [Self.tokenURL, Self.tokenURL])
        #expect(
            polls.map(\.headers) == [[.acceptJSON, .formContent], [.acceptJSON, .formContent]])
    }

    @Test("SEC-04: a server that repeats the device code is not repeated")
    func echo() throws {
        let no = TransportResult.status(
            400, #"{"error":"access_denied","error_description":"dc is out"}"#)
        guard case .rejected(let rejection) = try poll(ScriptedServer(.device(), no)) else {
            Issue.record("not denied")
            return
        }
        #expect(rejection.explanation == "<redacted> is out")
    }

    @Test("DEV-01: a client with a secret proves who it is at every poll")
    func proof() throws {
        let server = ScriptedServer(.device(), Self.pending, Self.granted)
        _ = try poll(server, .secret(id: "Aladdin", Secret("open"), .basic))
        let proofs = server.requests.map { $0.values(of: "authorization") }
        #expect(proofs == Array(repeating: ["Basic QWxhZGRpbjpvcGVu"], count: 3))
        let polls = server.requests.dropFirst()
        #expect(
            polls.allSatisfy { $0.fields?.contains { $0.name == "client_id" } == false })
    }

    @Test("the answer with the token is handed on whole")
    func token() throws {
        let result = try poll(ScriptedServer(.device(), Self.granted))
        guard case .success(.granted(let response)) = result else {
            Issue.record("not granted")
            return
        }
        #expect(response.authorization.credential == Secret("t"))
        #expect(response.members["refresh_token"] == .string("r"))
    }

    @Test("a person is told every second how many are left")
    func secondsLeft() throws {
        let told = Mutex<[Seconds]>([])
        let server = ScriptedServer(
            script: [.device(#","expires_in":6,"interval":2"#)] + Self.forever(Self.pending),
            latency: 500)
        _ = try poll(server) { left in told.withLock { $0.append(left) } }
        // Polls at 2 and 4.5 seconds, each of them half a second long.
        #expect(told.withLock { $0 } == [6, 5, 4, 3, 1])
    }

    private static let tokenURL = "https://as.example/token"

    private static func forever(_ answer: TransportResult) -> [TransportResult] {
        Array(repeating: answer, count: 50)
    }

    private func hold(
        _ dialogue: Dialogue, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let server = ScriptedServer(
            script: [.device(dialogue.members)] + dialogue.answers, latency: dialogue.latency)
        let result = try poll(server)
        // The clock of the code starts when the codes have come.
        let moments = server.happened.moments.dropFirst().map { $0 - dialogue.latency }
        #expect(moments == dialogue.moments.map { $0 * 1000 }, sourceLocation: sourceLocation)
        #expect(result.end == dialogue.end, sourceLocation: sourceLocation)
    }

    private func poll(
        _ server: ScriptedServer, _ credential: ClientCredential = .identifier("id"),
        waiting: (Seconds) -> Void = { _ in }
    ) throws -> EndpointResult<DeviceCodeGrant.Progress> {
        let grant = DeviceCodeGrant(
            try .example("oidc_device_code"), as: credential, world: server.world)
        let start = grant.start(at: try WebURL("https://as.example/device"), timeLimit: 1000)
        let authorization = try #require(start.value)
        return grant.poll(
            authorization, at: try WebURL(Self.tokenURL),
            deadline: server.world.clock.uptime() + authorization.lifetime * 1000, waiting: waiting)
    }
}

extension EndpointResult<DeviceCodeGrant.Progress> {
    fileprivate var end: String {
        switch self {
        case .success(.granted): "granted"
        case .success(.expired): "expired"
        case .success(.pending): "time over"
        case .success(.slowDown): "slow down"
        case .rejected(let rejection): "denied \(rejection.code ?? "-")"
        case .endpointMissing: "no endpoint"
        case .busy: "busy"
        case .unusable: "unusable"
        case .failed(let failure): "failed \(failure.kind)"
        }
    }
}
