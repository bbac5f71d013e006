import CredCore
import CredOAuth
import TestSupport
import Testing

/// OpenID Connect Core §3.1.3.7; the clock says 1 000 000.
@Suite("ID token") struct IDTokenTests {
    private static let good =
        #""iss":"https://as.example","aud":"id","exp":1000001,"nonce":"n","sub":"s""#

    @Test(
        "AUTH-12: an ID token for us, from our server, for this attempt and alive is valid",
        arguments: [
            Example("the least", good),
            Example("in a list", #"\#(good),"aud":["id"]"#),
            Example("for two, authorized for us", #"\#(good),"aud":["x","id"],"azp":"id""#),
            Example("expired by another clock", #"\#(good),"exp":999941"#),
            Example("an expiry with a fraction", #"\#(good),"exp":1000001.5"#),
            Example("issued in the future", #"\#(good),"iat":2000000"#),
        ])
    func valid(_ example: Example<String>) throws {
        let token = try #require(try check(example.given).token)
        #expect(token.claims["sub"] == .string("s"))
        #expect(IDToken.person(token.claims, sent: .none) == "s")
    }

    @Test(
        "AUTH-12: an ID token with anything wrong is not to be used",
        arguments: [
            Row("another issuer", #"\#(good),"iss":"https://evil.example""#, "iss"),
            Row("an issuer with a slash more", #"\#(good),"iss":"https://as.example/""#, "iss"),
            Row("an issuer in a list", #"\#(good),"iss":["https://as.example"]"#, "iss"),
            Row("no issuer", #"\#(good),"iss":null"#, "iss"),
            Row("for another", #"\#(good),"aud":"x""#, "aud"),
            Row("for others", #"\#(good),"aud":["x","y"]"#, "aud"),
            Row("for nobody", #"\#(good),"aud":[]"#, "aud"),
            Row("no audience", #"\#(good),"aud":null"#, "aud"),
            Row("a longer audience", #"\#(good),"aud":"idx""#, "aud"),
            Row("for two, authorized for nobody", #"\#(good),"aud":["x","id"]"#, "azp"),
            Row(
                "for two, authorized for the other", #"\#(good),"aud":["x","id"],"azp":"x""#, "azp"),
            Row("expired a minute ago", #"\#(good),"exp":999940"#, "exp"),
            Row("expired long ago", #"\#(good),"exp":-1e300"#, "exp"),
            Row("no expiry", #"\#(good),"exp":null"#, "exp"),
            Row("an expiry in words", #"\#(good),"exp":"1000001""#, "exp"),
            Row("issued to another", #"\#(good),"azp":"x""#, "azp"),
            Row("not valid yet", #"\#(good),"nbf":1000061"#, "nbf"),
        ])
    func invalid(_ row: Row<String, String>) throws {
        let problem = try #require(try check(row.given).problem)
        #expect(problem.contains(row.wanted))
    }

    @Test(
        "AUTH-12: an ID token for another attempt is told apart, whatever else is wrong with it",
        arguments: [
            Example("another nonce", #"\#(good),"nonce":"m""#),
            Example("no nonce", #"\#(good),"nonce":null"#),
            Example("an empty nonce", #"\#(good),"nonce":"""#),
            Example("expired, too", #"\#(good),"nonce":"m","exp":1"#),
        ])
    func foreign(_ example: Example<String>) throws {
        guard case .foreign(let problem) = try check(example.given) else {
            Issue.record("not foreign")
            return
        }
        #expect(problem.contains("'nonce'"))
    }

    @Test(
        "AUTH-12: an ID token that is no JWT is not to be used",
        arguments: ["x", "e30.e30", "e30.W10.x", "....", "e30.e30.e30.e30.e30"])
    func noJWT(_ text: String) throws {
        #expect(try check(idToken: #""\#(text)""#).problem == "it is not a JWT")
    }

    @Test(
        "an answer without an ID token has none to check",
        arguments: [#""""#, "null", "1", "{}"])
    func missing(_ value: String) throws {
        #expect(try check(idToken: value) == .missing)
    }

    @Test("who sent no nonce asks for none, and who knows no issuer takes any")
    func unknown() throws {
        let check = IDToken.check(
            try response(#""\#(jwt(Self.good))""#), issuer: nil, clientID: "id", nonce: nil,
            now: UnixTime(1_000_000))
        #expect(check.token != nil)
    }

    @Test(
        "a person is called by e-mail, else user name, else name, else subject",
        arguments: [
            Row("all", #""sub":"d","name":"c","preferred_username":"b","email":"a""#, "a"),
            Row("no e-mail", #""sub":"d","name":"c","preferred_username":"b""#, "b"),
            Row("an empty e-mail", #""email":"","name":"c""#, "c"),
            Row("an e-mail that is no text", #""email":1,"sub":"d""#, "d"),
            Row("nothing", "", nil),
        ])
    func person(_ row: Row<String, String?>) throws {
        let claims = try #require(try JSONValue(parsing: Array("{\(row.given)}".utf8)).object)
        #expect(IDToken.person(claims, sent: .none) == row.wanted)
    }

    @Test("AUTH-12: an answer whose ID token is not to be used is kept without it")
    func dropped() throws {
        let response = try response(#""\#(jwt(Self.good))""#).withoutIDToken
        #expect(response.members.members.map(\.name) == ["access_token", "token_type"])
        #expect(response.authorization.credential == Secret("t"))
    }

    private func check(_ claims: String) throws -> IDToken.Check {
        try check(idToken: #""\#(jwt(claims))""#)
    }

    private func check(idToken: String) throws -> IDToken.Check {
        IDToken.check(
            try response(idToken), issuer: ExpectedIssuer("https://as.example", naming: .perhaps),
            clientID: "id", nonce: "n",
            now: UnixTime(1_000_000))
    }

    private func response(_ idToken: String) throws -> TokenResponse {
        let body = #"{"access_token":"t","token_type":"Bearer","id_token":\#(idToken)}"#
        let response = try #require(HTTPResponse.text(200, "", body))
        return try #require(TokenEndpoint.result(response, sent: .none, now: UnixTime(0)).value)
    }
}

extension IDToken.Check {
    fileprivate var token: IDToken? {
        if case .valid(let token) = self { token } else { nil }
    }

    fileprivate var problem: String? {
        if case .invalid(let problem) = self { problem } else { nil }
    }
}
