import CredCore
import CredOAuth
import TestSupport
import Testing

/// The start of a login on another device. RFC 8628 §3.1 and §3.2.
@Suite("Device authorization") struct DeviceAuthorizationTests {
    @Test("DEV-01: the client names itself and its wishes in a form that wants JSON")
    func request() throws {
        let server = ScriptedServer(.device())
        _ = try start(
            server, .identifier("id"),
            #","scopes":["a","b"],"audiences":["urn:x"],"organization":"o","project_id":"p","#
                + #""planet_cred":{"certificate_authority_file":"/ca.pem"}"#)
        let request = try #require(server.requests.first)
        #expect(request.method == .post)
        #expect(request.url.description == "https://as.example/device?tenant=a")
        #expect(request.headers == [.acceptJSON, .formContent])
        #expect(request.certificateAuthorityFile == "/ca.pem")
        #expect(server.happened.timeLimits == [1234])
        #expect(
            request.fields == [
                FormField("scope", "a b"), FormField("audience", "urn:x"),
                FormField("organization", "o"), FormField("project_id", "p"),
                FormField("client_id", "id"),
            ])
    }

    /// One kind of proof with what it must add to a request.
    struct Proof: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let credential: ClientCredential
        var fields: [FormField] = []
        var authorization: [String] = []
    }

    @Test(
        "DEV-01: USE-36: a client with a secret proves who it is, once, and always names itself",
        arguments: [
            Proof(
                testDescription: "in the header",
                credential: .secret(id: "Aladdin", Secret("open"), .basic),
                fields: [FormField("client_id", "Aladdin")],
                authorization: ["Basic QWxhZGRpbjpvcGVu"]),
            Proof(
                testDescription: "in the body",
                credential: .secret(id: "id", Secret("s"), .post),
                fields: [FormField("client_id", "id"), FormField("client_secret", "s")]),
        ])
    func proof(_ proof: Proof) throws {
        let server = ScriptedServer(.device())
        _ = try start(server, proof.credential)
        let request = try #require(server.requests.first)
        #expect(request.fields == proof.fields)
        #expect(request.values(of: "authorization") == proof.authorization)
    }

    @Test("USE-36: a client with a secret in the raw header names itself, too")
    func rawProof() throws {
        let server = ScriptedServer(.device())
        _ = try start(server, .secret(id: "a b", Secret("s"), .basicRaw))
        #expect(server.requests.first?.fields == [FormField("client_id", "a b")])
    }

    @Test(
        "USE-08: the page may have the name of an older draft",
        arguments: [
            Example("alone", #""verification_url":"https://as.example/device""#),
            Example(
                "beside an empty one",
                #""verification_uri":"","verification_url":"https://as.example/device""#),
            Example(
                "beside null",
                #""verification_uri":null,"verification_url":"https://as.example/device""#),
            Example(
                "beside another",
                #""verification_uri":"https://as.example/device","verification_url":"https://b.example""#
            ),
        ])
    func olderName(_ example: Example<String>) throws {
        let authorization = try #require(try answer(example.given).value)
        #expect(authorization.verificationURI.description == "https://as.example/device")
    }

    @Test("USE-08: so may the page with the code in it")
    func olderCompleteName() throws {
        let authorization = try #require(
            try answer(
                #""verification_url":"https://as.example/device","verification_url_complete":"https://as.example/device?c=1""#
            ).value)
        #expect(authorization.completeURI?.description == "https://as.example/device?c=1")
    }

    @Test(
        "USE-08: where there is no page at all, the missing member is named",
        arguments: [
            Example("none", #""x":1"#), Example("an empty one", #""verification_uri":"""#),
            Example("null", #""verification_url":null"#),
        ])
    func noPage(_ example: Example<String>) throws {
        #expect(
            try answer(example.given).problem
                == "invalid device authorization response: it has no 'verification_uri'")
    }

    @Test("USE-08: a page that is no web page is called by the name that the server used")
    func badPage() throws {
        let problem = try answer(#""verification_url":"javascript:1""#).problem
        #expect(problem?.contains("its 'verification_url' is invalid") == true)
    }

    private func answer(_ members: String) throws -> EndpointResult<DeviceAuthorization> {
        try start(
            ScriptedServer(
                .status(
                    200, #"{"device_code":"d","user_code":"u","expires_in":60,\#(members)}"#)),
            .identifier("id"))
    }

    @Test("DEV-03: place, code and the place with the code in it are as the server gives them")
    func complete() throws {
        let authorization = try authorization(
            #","verification_uri_complete":"https://as.example/device?user_code=WD-JB","x":[1]"#)
        #expect(authorization.deviceCode == Secret("dc"))
        #expect(authorization.userCode == "WD-JB")
        #expect(authorization.verificationURI.description == "https://as.example/go")
        #expect(
            authorization.completeURI?.description == "https://as.example/device?user_code=WD-JB")
    }

    @Test(
        "DEV-03: a server need not have a place with the code in it",
        arguments: [
            Example("nothing", ""), Example("null", #","verification_uri_complete":null"#),
            Example("no text", #","verification_uri_complete":"""#),
        ])
    func incomplete(_ example: Example<String>) throws {
        #expect(try authorization(example.given).completeURI == nil)
    }

    @Test("an error that is null is none")
    func nullError() throws {
        #expect(try authorization(#","error":null"#).userCode == "WD-JB")
    }

    @Test("SEC-04: the device code describes itself to nobody")
    func description() throws {
        let authorization = try authorization(#","device_code":"hunter2""#)
        #expect(!"\(authorization)".contains("hunter2"))
    }

    @Test(
        "DEV-02: five seconds between polls, where the server does not say",
        arguments: [
            Row("nothing", "", 5), Row("null", #","interval":null"#, 5),
            Row("seven", #","interval":7"#, 7), Row("one", #","interval":1"#, 1),
            Row("seven in another notation", #","interval":0.7e1"#, 7),
            Row("none at all", #","interval":0"#, 1), Row("less", #","interval":-5"#, 1),
            Row("an hour", #","interval":3600"#, 3600),
            Row("two hours", #","interval":7200"#, 7200),
            Row("ten in a text", #","interval":"10""#, 10),
        ])
    func interval(_ row: Row<String, Seconds>) throws {
        #expect(try authorization(row.given).interval == row.wanted)
    }

    @Test(
        "DEV-08: the code lives for as long as the server says, a day at most",
        arguments: [
            Row("a second", "1", 1), Row("half an hour", "1800", 1800),
            Row("half an hour in a text", #""1800""#, 1800),
            Row("a fraction", "12.9", 12), Row("a day", "86400", 86_400),
            Row("a year", "31536000", 86_400), Row("absurdly long", "1e300", 86_400),
        ])
    func lifetime(_ row: Row<String, Seconds>) throws {
        #expect(try authorization(#","expires_in":\#(row.given)"#).lifetime == row.wanted)
    }

    @Test(
        "DEV-10: a place that is no safe web page is refused",
        arguments: [
            Example("a file", #""file:///etc/passwd""#),
            Example("a script", #""javascript:alert(1)""#),
            Example("a script with slashes", #""javascript://as.example/%0aalert(1)""#),
            Example("data", #""data:text/html,x""#),
            Example("an app", #""x-app://as.example/""#),
            Example("plain http", #""http://as.example/go""#),
            Example("plain http on a private address", #""http://192.168.0.1/""#),
            Example("a user name", #""https://as.example@evil.example/""#),
            Example("a command", #""https://as.example/$(x) y""#),
            Example("an option", #""--version""#),
            Example("a quotation mark", #""https://as.example/\"""#),
            Example("an escape sequence", #""https://as.example/\u001b[2J""#),
            Example("a line end", #""https://as.example/\n""#),
            Example("a line end in a fragment", #""https://as.example/#\n""#),
            Example("a number", "1"),
            Example("a list", #"["https://as.example/"]"#),
        ], ["verification_uri", "verification_uri_complete"])
    func unsafePlace(_ example: Example<String>, _ member: String) throws {
        #expect(try problem(#","\#(member)":\#(example.given)"#).contains("'\(member)'"))
    }

    @Test("DEV-03: a page may have a fragment, which its browser needs")
    func fragment() throws {
        let authorization = try authorization(
            #","verification_uri":"https://as.example/?a#/device""#)
        #expect(authorization.verificationURI.description == "https://as.example/?a#/device")
    }

    @Test("DEV-10: plain http on this machine is a place")
    func loopback() throws {
        let authorization = try authorization(#","verification_uri":"http://localhost:8080/go""#)
        #expect(authorization.verificationURI.description == "http://localhost:8080/go")
    }

    @Test(
        "DEV-10: a code of letters, digits and signs in one line is shown as it is",
        arguments: [
            Example("letters of people", "ÄÖ-漢"), Example("a space", "AB CD"),
            Example("64 characters", String(repeating: "A", count: 64)),
        ])
    func userCode(_ example: Example<String>) throws {
        let code = try authorization(#","user_code":"\#(example.given)""#).userCode
        #expect(code.unicodeScalars.elementsEqual(example.given.unicodeScalars))
    }

    @Test(
        "DEV-10: no code can steer a terminal",
        arguments: [
            Example("an escape sequence", #"A\u001b[2JB"#), Example("line ends", #"A\r\nB"#),
            Example("a NUL and a bell", #"A\u0000\u0007"#), Example("a C1 control", #"A\u009b1mB"#),
            Example("an override", #"A\u202eB"#), Example("a space without a width", #"A\u200bB"#),
        ])
    func steeringCode(_ example: Example<String>) throws {
        #expect(
            try problem(#","user_code":"\#(example.given)""#)
                .contains("its 'user_code' contains a control character"))
    }

    @Test("DEV-10: a user code or a verification URI that is too long is refused")
    func tooLong() throws {
        let prose = String(repeating: "A", count: 65)
        #expect(
            try problem(#","user_code":"\#(prose)""#)
                .contains("its 'user_code' has more than 64 characters"))
        let path = String(repeating: "a", count: 2000)
        for name in ["verification_uri", "verification_uri_complete"] {
            #expect(
                try problem(#","\#(name)":"https://as.example/\#(path)""#)
                    .contains("its '\(name)' has more than 2000 characters"))
        }
    }

    @Test(
        "an answer that lacks what a person or a poll needs is refused, and names it",
        arguments: [
            Row("no device code", #","device_code":null"#, "device_code"),
            Row("an empty device code", #","device_code":"""#, "device_code"),
            Row("a device code that is a number", #","device_code":1"#, "device_code"),
            Row("no user code", #","user_code":null"#, "user_code"),
            Row("an empty user code", #","user_code":"""#, "user_code"),
            Row("a user code that is a number", #","user_code":123"#, "user_code"),
            Row(
                "a user code of control characters", #","user_code":"\u001b\u0007""#,
                "user_code"),
            Row("no place", #","verification_uri":null"#, "verification_uri"),
            Row("no life", #","expires_in":null"#, "expires_in"),
            Row("a life of nothing", #","expires_in":0"#, "expires_in"),
            Row("a life of less", #","expires_in":-1"#, "expires_in"),
            Row("a life in words", #","expires_in":"soon""#, "expires_in"),
        ])
    func incomplete(_ row: Row<String, String>) throws {
        #expect(try problem(row.given).contains("'\(row.wanted)'"))
    }

    @Test(
        "a no to the start is told from trouble",
        arguments: [
            Row("a no", TransportResult.status(400, #"{"error":"unauthorized_client"}"#), no),
            Row("a no with status 200", .status(200, #"{"error":"unauthorized_client"}"#), no),
            Row(
                "a wrong secret", .status(401, #"{"error":"invalid_client"}"#), "no invalid_client"),
            Row("no such place", .status(404), "no endpoint"),
            Row("elsewhere", .status(302), "no -"),
            Row("a page", .status(200, "<html>"), "unusable"),
            Row("a list", .status(200, "[]"), "unusable"),
            Row("too many", .status(429), "busy"), Row("down", .status(503, "{}"), "busy"),
            Row("in trouble", .status(400, #"{"error":"server_error"}"#), "busy"),
            Row("not reached", .unreachable("refused"), "busy"),
            Row("broken off", .interrupted("reset"), "busy"),
            Row("no TLS", .impossible(Failure(.unavailable, "no TLS")), "failed"),
        ] as [Row<TransportResult, String>])
    func noStart(_ row: Row<TransportResult, String>) throws {
        let start = try start(ScriptedServer(row.given), .identifier("id"))
        #expect(start.summary == row.wanted)
    }

    private static let no = "no unauthorized_client"

    private func authorization(_ members: String = "") throws -> DeviceAuthorization {
        try #require(try start(ScriptedServer(.device(members)), .identifier("id")).value)
    }

    private func problem(_ members: String) throws -> String {
        try #require(try start(ScriptedServer(.device(members)), .identifier("id")).problem)
    }

    private func start(
        _ server: ScriptedServer, _ credential: ClientCredential, _ members: String = ""
    ) throws -> EndpointResult<DeviceAuthorization> {
        DeviceCodeGrant(
            try .example("oidc_device_code", members), as: credential, world: server.world
        ).start(at: try WebURL("https://as.example/device?tenant=a"), timeLimit: 1234)
    }
}

extension TransportResult {
    /// A device authorization with these members; a later one counts.
    static func device(_ members: String = "") -> TransportResult {
        .status(
            200,
            #"{"device_code":"dc","user_code":"WD-JB","verification_uri":"https://as.example/go","#
                + #""expires_in":1800\#(members)}"#)
    }
}
