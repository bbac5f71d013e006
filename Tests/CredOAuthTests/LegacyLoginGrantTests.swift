import CredCore
import CredOAuth
import TestSupport
import Testing

@Suite("Legacy login") struct LegacyLoginGrantTests {
    @Test("e-mail and password are posted as JSON that wants JSON, with nothing in the URL")
    func request() throws {
        let server = ScriptedServer(.status(200, "{}"))
        _ = try send(server, email: "ä\"\\@b.example", password: "p\n\u{1F600}\"")
        let request = try #require(server.requests.first)
        #expect(request.method == .post)
        #expect(request.url.description == "https://old.example/login?a=b")
        #expect(request.values(of: "content-type") == ["application/json"])
        #expect(request.values(of: "accept") == ["application/json"])
        #expect(request.headers.count == 2)
        #expect(server.happened.timeLimits == [1234])
        let body = try JSONValue(parsing: Array(try #require(request.body).reveal().utf8))
        #expect(
            body.object == [
                "email": .string("ä\"\\@b.example"), "password": .string("p\n\u{1F600}\""),
            ])
    }

    @Test("the key is the one in the JWT of the answer")
    func granted() throws {
        let token = jwt(#""api_key":"PLAK1","sub":"x""#)
        let result = try send(
            ScriptedServer(.status(200, #"{"token":"\#(token)","more":1}"#)))
        let key = try #require(Authorization(scheme: "api-key", credential: "PLAK1"))
        let answer = try #require(result.value)
        #expect(answer.key == key)
        #expect(answer.jwt == Secret(token))
    }

    @Test(
        "an answer without a key that a header may hold is of no use, and is not shown",
        arguments: [
            Example("nothing", ""), Example("a page", "<html>hunter2</html>"),
            Example("a list", "[]"), Example("an empty object", "{}"),
            Example("half an object", #"{"token":"hunter2""#),
            Example("no JWT", #"{"token":"hunter2"}"#), Example("a number", #"{"token":1}"#),
            Example("null", #"{"token":null}"#),
            Example("no key", #"{"token":"\#(jwt(""))"}"#),
            Example("an empty key", #"{"token":"\#(jwt(#""api_key":"""#))"}"#),
            Example("a key that is a number", #"{"token":"\#(jwt(#""api_key":1"#))"}"#),
            Example("a line end", #"{"token":"\#(jwt(#""api_key":"hunter2\nX: y""#))"}"#),
            Example("a space", #"{"token":"\#(jwt(#""api_key":"hunter2 x""#))"}"#),
            Example("a letter beyond ASCII", #"{"token":"\#(jwt(#""api_key":"hunter2é""#))"}"#),
            Example("the key beside the token", #"{"api_key":"hunter2"}"#),
        ])
    func unusable(_ example: Example<String>) throws {
        guard case .unusable(let reason) = try result(.status(200, example.given)) else {
            Issue.record("not unusable")
            return
        }
        #expect(!reason.contains("hunter2"))
    }

    @Test(
        "a no has the server's words, where it has some",
        arguments: [
            Row(
                "a message", TransportResult.status(401, #"{"message":"Bad login"}"#),
                "401: Bad login"),
            Row("errors", .status(400, #"{"errors":"Bad e-mail"}"#), "400: Bad e-mail"),
            Row("errors in a list", .status(400, #"{"errors":["x"]}"#), "400: x"),
            Row("nothing", .status(403), "403"), Row("a page", .status(401, "<html>"), "401"),
            Row("no such place", .status(404), "404"),
        ] as [Row<TransportResult, String>])
    func rejected(_ row: Row<TransportResult, String>) throws {
        let words = "the server answered with HTTP status \(row.wanted)"
        #expect(try result(row.given).no?.reason == words)
    }

    @Test(
        "a server in trouble is busy, and one that is elsewhere gets no password",
        arguments: [
            Row("too many", TransportResult.status(429), "busy"), Row("down", .status(503), "busy"),
            Row("in trouble", .status(400, #"{"error":"temporarily_unavailable"}"#), "busy"),
            Row("not reached", .unreachable("refused"), "busy"),
            Row("broken off", .interrupted("reset"), "busy"),
            Row("another place", .status(307), "unusable"),
            Row("no TLS", .impossible(Failure(.unavailable, "no TLS")), "failed"),
        ] as [Row<TransportResult, String>])
    func trouble(_ row: Row<TransportResult, String>) throws {
        let server = ScriptedServer(row.given)
        #expect(try send(server).summary == row.wanted)
        #expect(server.requests.count == 1)
    }

    @Test("SEC-04: neither password nor key reaches the trace or the description of an outcome")
    func secrecy() throws {
        let token = jwt(#""api_key":"hunter2""#)
        let server = ScriptedServer(.status(200, #"{"token":"\#(token)"}"#))
        let result = try send(server, password: "hunter3")
        #expect(result.summary == "success")
        #expect(!"\(result)".contains("hunter2"))
        #expect(!"\(result)".contains(token))
        #expect(!"\(server.happened.trace)\(server.requests)".contains("hunter3"))
    }

    @Test("SEC-04: a server that repeats the password is not repeated")
    func echo() throws {
        let server = ScriptedServer(.status(400, #"{"message":"hunter3 is wrong"}"#))
        #expect(
            try send(server, password: "hunter3").rejection?.reason
                == "the server answered with HTTP status 400: <redacted> is wrong")
    }

    private func result(_ answer: TransportResult) throws -> EndpointResult<LegacyLoginGrant.Answer>
    {
        try send(ScriptedServer(answer))
    }

    private func send(
        _ server: ScriptedServer, email: String = "a@b.example", password: String = "pw"
    ) throws -> EndpointResult<LegacyLoginGrant.Answer> {
        LegacyLoginGrant.request(
            email: email, password: Secret(password),
            at: try WebURL("https://old.example/login?a=b"), world: server.world, timeLimit: 1234)
    }
}

extension EndpointResult {
    /// A no, of whatever kind.
    fileprivate var no: OAuthRejection? {
        if case .endpointMissing(.notFound(let rejection)) = self { rejection } else { rejection }
    }
}
