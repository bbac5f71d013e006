import CredCore
import CredOAuth
import TestSupport
import Testing

/// AUTH-12: what a token must say of itself before anything is made of it.
@Suite("Claims") struct ClaimsExpectationTests {
    private static let now: Int64 = 1_000_000

    private static let expectation = ClaimsExpectation(
        .access, issuer: ExpectedIssuer(behind: "https://as.example/"), audience: "me",
        authorizedParty: "me", sent: .none)

    @Test(
        "a token for us, now, has nothing wrong with it",
        arguments: [
            Example("plain", #""aud":"me""#), Example("no slash", #""aud":"me""#),
            Example("a list of one", #""aud":["me"]"#),
            Example("one of several", #""aud":["you","me"],"azp":"me""#),
            Example("issued to us", #""aud":"me","azp":"me""#),
            Example("no times", #""aud":"me""#),
            Example("its last second", #""aud":"me","exp":1000001"#),
            Example("a minute of another clock", #""aud":"me","exp":999941,"nbf":1000060"#),
            Example("a time with a fraction", #""aud":"me","exp":1000000.5"#),
        ])
    func good(_ example: Example<String>) throws {
        #expect(try problem(#""iss":"https://as.example",\#(example.given)"#) == nil)
        #expect(try problem(#""iss":"https://as.example/",\#(example.given)"#) == nil)
    }

    @Test(
        "AUTH-12: what is wrong with it is told",
        arguments: [
            Row("expired", #""exp":999940"#, "it expired 60 s ago"),
            Row("not yet valid", #""nbf":1000061"#, "it is not valid yet: 'nbf' is 61 s from now"),
            Row("no issuer", "", "its issuer ('iss') is missing, not 'https://as.example/'"),
            Row(
                "another issuer", #""iss":"https://evil.example/""#,
                "its issuer ('iss') is 'https://evil.example/', not 'https://as.example/'"),
            Row(
                "an issuer in other letters", #""iss":"https://AS.example/""#,
                "its issuer ('iss') is 'https://AS.example/', not 'https://as.example/'"),
            Row(
                "no audience", #""iss":"https://as.example/""#,
                "its audience ('aud') is missing, not 'me'"),
            Row(
                "another audience", #""iss":"https://as.example/","aud":"you""#,
                "its audience ('aud') is 'you', not 'me'"),
            Row(
                "other audiences", #""iss":"https://as.example/","aud":["you","them"]"#,
                "its audience ('aud') is 'you them', not 'me'"),
            Row(
                "several audiences", #""iss":"https://as.example/","aud":["you","me"]"#,
                "it has several audiences but no authorized party ('azp')"),
            Row(
                "issued to another", #""iss":"https://as.example/","aud":["me"],"azp":"you""#,
                "it was issued to the client 'you' ('azp')"),
        ])
    func bad(_ row: Row<String, String>) throws {
        #expect(try problem(row.given) == row.wanted)
    }

    @Test("what nobody expects is not asked for")
    func nothingExpected() throws {
        let expectation = ClaimsExpectation(.access, issuer: nil, audience: nil, sent: .none)
        #expect(try problem(#""iss":"x","aud":"y","azp":"z""#, expectation) == nil)
        #expect(try problem(#""exp":1"#, expectation) != nil)
    }

    @Test("a token that told once who logged in is the server's after it has expired as well")
    func identity() throws {
        let expectation = ClaimsExpectation(.identity, issuer: nil, audience: "me", sent: .none)
        #expect(try problem(#""aud":"me","exp":1"#, expectation) == nil)
        #expect(try problem(#""aud":"you","exp":1"#, expectation) != nil)
    }

    @Test("a token that tells now who logs in says until when, and answers our request")
    func login() throws {
        let expectation = ClaimsExpectation(
            .login, issuer: nil, audience: nil, nonce: "n", sent: .none)
        #expect(try problem(#""nonce":"n","exp":1000001"#, expectation) == nil)
        #expect(try problem(#""nonce":"n""#, expectation)?.contains("'exp'") == true)
        #expect(
            try problem(#""nonce":"m","exp":1000001"#, expectation)?.contains("'nonce'") == true)
    }

    private func problem(_ members: String, _ expectation: ClaimsExpectation = expectation) throws
        -> String?
    {
        let claims = try #require(try JSONValue(parsing: Array("{\(members)}".utf8)).object)
        return expectation.problem(in: claims, at: UnixTime(Self.now))
    }
}
