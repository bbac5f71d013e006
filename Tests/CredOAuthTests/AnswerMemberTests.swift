import CredCore
import CredOAuth
import TestSupport
import Testing

/// Members that are there and have no value.
@Suite("Empty members of answers") struct EmptyMemberTests {
    private static let empty = [
        Example("an empty string", #""""#), Example("null", "null"), Example("blank", #"" ""#),
        Example("a number", "1"), Example("a flag", "false"), Example("a list", "[]"),
        Example("an object", "{}"),
    ]

    private func response(_ members: String) throws -> TokenResponse {
        let response = try #require(HTTPResponse.text(200, "", "{\(members)}"))
        return try #require(
            TokenEndpoint.result(response, sent: .none, now: UnixTime(0)).value)
    }

    private static let token = #""access_token":"t","token_type":"Bearer""#

    @Test("USE-07: a refresh token without a value was not sent", arguments: empty)
    func refreshToken(_ example: Example<String>) throws {
        let response = try response(#"\#(Self.token),"refresh_token":\#(example.given)"#)
        #expect(response.refreshToken == nil)
        #expect(response.members["refresh_token"] == nil)
    }

    @Test("USE-07: nor an ID token", arguments: empty)
    func idToken(_ example: Example<String>) throws {
        let response = try response(#"\#(Self.token),"id_token":\#(example.given)"#)
        #expect(response.members["id_token"] == nil)
    }

    @Test(
        "USE-07: other members without a value were not sent either",
        arguments: [Example("an empty string", #""""#), Example("null", "null")])
    func others(_ example: Example<String>) throws {
        let value = example.given
        let response = try response(
            #"\#(Self.token),"scope":\#(value),"expires_in":\#(value),"refresh_expires_in":\#(value)"#
        )
        #expect(response.members.members.map(\.name) == ["access_token", "token_type"])
        #expect(response.grantedScope == nil)
        #expect(response.lifetime == nil)
    }

    @Test(
        "USE-07: an answer that is read from the journal has no empty refresh token",
        arguments: empty)
    func journal(_ example: Example<String>) throws {
        let response = try #require(
            HTTPResponse.text(200, "", #"{"refresh_token":\#(example.given)}"#))
        #expect(TokenEndpoint.refreshToken(in: response, now: UnixTime(0)) == nil)
    }

    @Test(
        "USE-07: an error without a value is none",
        arguments: [
            Example("null", "null"), Example("an empty string", #""""#), Example("false", "false"),
            Example("no entry", "[]"), Example("no member", "{}"),
        ])
    func error(_ example: Example<String>) throws {
        _ = try response(#"\#(Self.token),"error":\#(example.given)"#)
    }

    @Test(
        "USE-07: endpoints without a value are missing from the metadata",
        arguments: [Example("null", "null"), Example("an empty string", #""""#)])
    func metadata(_ example: Example<String>) throws {
        let server = ScriptedServer(
            .status(
                200,
                #"{"issuer":"https://as.example","token_endpoint":"https://as.example/t","#
                    + #""revocation_endpoint":\#(example.given)}"#))
        let result = Discovery.run(
            AuthorizationServer(issuer: "https://as.example"), sent: .none, world: server.world,
            deadline: 1000)
        let endpoints = try #require(result.value).endpoints
        #expect(endpoints[.token] != nil)
        #expect(endpoints[.revocation] == nil)
    }
}

/// Tokens whose type the server does not state.
@Suite("Stated token types") struct StatedTypeTests {
    private func result(_ members: String, _ stated: StatedTokenType? = nil) throws
        -> EndpointResult<TokenResponse>
    {
        let response = try #require(
            HTTPResponse.text(200, "", #"{"access_token":"t"\#(members)}"#))
        return TokenEndpoint.result(response, typedAs: stated, sent: .none, now: UnixTime(0))
    }

    private static let odd = [
        Example("none", ""), Example("null", #","token_type":null"#),
        Example("an empty one", #","token_type":"""#),
        Example("a number", #","token_type":1"#), Example("a MAC", #","token_type":"mac""#),
        Example(
            "an URN", #","token_type":"urn:ietf:params:oauth:token-type:access_token""#),
    ]

    @Test(
        "USE-09: a missing type is called missing, an odd one by its name, and the member is named",
        arguments: [
            Row("none", "", "is missing;"), Row("null", #","token_type":null"#, "is missing;"),
            Row("an empty one", #","token_type":"""#, "is missing;"),
            Row("a number", #","token_type":1"#, "is not a string;"),
            Row("a MAC", #","token_type":"mac""#, "is 'mac', not 'Bearer';"),
        ])
    func missing(_ row: Row<String, String>) throws {
        let problem = try #require(try result(row.given).problem)
        #expect(problem.hasPrefix("'token_type' in the server's answer \(row.wanted)"))
        #expect(problem.hasSuffix(#""planet_cred": { "token_type": "Bearer" }"#))
    }

    @Test("USE-09: what the profile states counts, whatever the server says", arguments: odd)
    func stated(_ example: Example<String>) throws {
        let response = try #require(try result(example.given, .bearer).value)
        #expect(response.authorization.headerValue == Secret("Bearer t"))
    }

    @Test("USE-09: other tools that read the token file find a type")
    func saved() throws {
        let response = try #require(try result("", .bearer).value)
        #expect(response.members["token_type"] == .string("Bearer"))
    }
}

/// Where servers put the reason of a refusal.
@Suite("The server's words") struct ServerWordsTests {
    private func result(_ status: Int, _ body: String, sent: SentSecrets = .none) throws
        -> EndpointResult<TokenResponse>
    {
        let response = try #require(HTTPResponse.text(status, "", body))
        return TokenEndpoint.result(response, sent: sent, now: UnixTime(0))
    }

    @Test(
        "USE-32: the words are found wherever the server puts them",
        arguments: [
            Row("an object", #"{"error":{"message":"Secret has expired"}}"#, "Secret has expired"),
            Row("with a code", #"{"error":{"code":401,"message":"Expired"}}"#, "Expired"),
            Row("a list of texts", #"{"errors":["One","Two"]}"#, "One; Two"),
            Row("a list of objects", #"{"errors":[{"code":"x","message":"One"}]}"#, "One"),
            Row("a long list", #"{"errors":["a","b","c","d"]}"#, "a; b; c"),
            Row("deeper", #"{"error":{"errors":[{"reason":"Deep"}]}}"#, "Deep"),
            Row("a detail", #"{"detail":"Not found."}"#, "Not found."),
            Row("details of a form", #"{"detail":[{"loc":["x"],"msg":"required"}]}"#, "required"),
            Row("a problem", #"{"type":"about:blank","title":"Denied","detail":"No"}"#, "No"),
            Row("a title", #"{"title":"Denied","status":403}"#, "Denied"),
            Row("msg", #"{"status":"error","msg":"Unknown key"}"#, "Unknown key"),
            Row(
                "an empty description", #"{"error_description":"","message":"Use this"}"#,
                "Use this"),
            Row(
                "a fault", #"{"fault":{"faultstring":"Invalid key","detail":{"x":1}}}"#,
                "Invalid key"),
            Row("a summary", #"{"errorCode":"E1","errorSummary":"Locked"}"#, "Locked"),
            Row("a capital", #"{"Message":"User is not authorized"}"#, "User is not authorized"),
        ])
    func words(_ row: Row<String, String>) throws {
        let rejection = try #require(try result(403, row.given).rejection)
        #expect(rejection.reason == "the server answered with HTTP status 403: \(row.wanted)")
    }

    @Test(
        "USE-32: a code is found in an object as well",
        arguments: [
            Row("a code", #"{"error":{"code":"invalid_client","message":"No"}}"#, "invalid_client"),
            Row("an error", #"{"error":{"error":"invalid_grant"}}"#, "invalid_grant"),
            Row("a number", #"{"error":{"code":7}}"#, nil),
        ] as [Row<String, String?>])
    func code(_ row: Row<String, String?>) throws {
        #expect(try result(401, row.given).rejection?.code == row.wanted)
    }

    @Test(
        "USE-32: with success and no token the server's words come first",
        arguments: [
            Row("msg", #"{"status":"error","msg":"Unknown key"}"#, "Unknown key"),
            Row("a message", #"{"success":false,"message":"Try later"}"#, "Try later"),
            Row("errors", #"{"errors":[{"message":"No"}],"access_token":null}"#, "No"),
            Row("an empty token", #"{"access_token":"","detail":"Gone"}"#, "Gone"),
        ])
    func success(_ row: Row<String, String>) throws {
        #expect(
            try result(200, row.given).problem
                == "the server answered without a token: \(row.wanted)")
    }

    @Test("USE-32: without words it says which member is missing")
    func nothing() throws {
        #expect(
            try result(200, #"{"token_type":"Bearer"}"#).problem
                == "'access_token' in the server's answer is missing or empty")
    }

    @Test("USE-32: words beside a token mean nothing")
    func besideToken() throws {
        let body = #"{"access_token":"t","token_type":"Bearer","message":"Welcome"}"#
        #expect(try result(200, body).value != nil)
    }

    @Test("USE-32: secrets are hidden in the server's words, and in ours nothing is")
    func secrets() throws {
        let sent = SentSecrets([Secret("server"), Secret("s3cret")])
        let reason = try result(
            401, #"{"error":{"message":"the server says s3cret is wrong"}}"#, sent: sent
        ).rejection?.reason
        #expect(
            reason
                == "the server answered with HTTP status 401: the <redacted> says <redacted> is wrong"
        )
        let problem = try result(200, #"{"msg":"no s3cret"}"#, sent: sent).problem
        #expect(problem == "the server answered without a token: no <redacted>")
    }

    @Test("USE-32: an answer that is deep or odd is no trouble")
    func odd() throws {
        let deep =
            String(repeating: #"{"error":"#, count: 30) + "1" + String(repeating: "}", count: 30)
        for body in [deep, #"{"errors":[[[[["x"]]]]]}"#, #"{"errors":[]}"#, #"{"message":7}"#] {
            #expect(
                try result(403, body).rejection?.reason
                    == "the server answered with HTTP status 403")
        }
    }
}
