import CredCore
import CredOAuth
import TestSupport
import Testing

@Suite("Redirect reply") struct RedirectReplyTests {
    /// `STATE` stands for the state of the attempt.
    @Test(
        "AUTH-03: AUTH-05: a reply is a code, a no, or nothing to be trusted",
        arguments: [
            Row("a code", "code=c&state=STATE", "code c"),
            Row("the other way round", "state=STATE&code=c", "code c"),
            Row(
                "a code of many letters", "code=4%2F0A-x_.%7E%2B+b&state=STATE", "code 4/0A-x_.~+ b"
            ),
            Row("unknown parameters", "code=c&state=STATE&session_state=x&x=1&x=2&", "code c"),
            Row("a no", "error=access_denied&state=STATE", "rejected access_denied"),
            Row(
                "a no in Latin-1",
                "error=access_denied&error_description=verweigert%FC&state=STATE",
                "rejected access_denied"),
            Row("neither", "state=STATE", "unusable"),
            Row("an empty error", "error=&state=STATE", "unusable"),
            Row("an empty code", "code=&state=STATE", "unusable"),
            Row("a code without a value", "code&state=STATE", "unusable"),
            Row("two codes", "code=c&code=c&state=STATE", "unusable"),
            Row("two states", "code=c&state=STATE&state=STATE", "unusable"),
            Row("our state and another", "code=c&state=STATE&state=x", "unusable"),
            Row("another and our state", "code=c&state=x&state=STATE", "unusable"),
            Row("two errors", "error=a&error=b&state=STATE", "unusable"),
            Row("a code and an error", "code=c&error=e&state=STATE", "unusable"),
            Row("an empty error too", "code=c&error=&state=STATE", "unusable"),
            Row("two issuers", "code=c&state=STATE&iss=a&iss=a", "unusable"),
            Row(
                "two descriptions",
                "error=e&error_description=a&error_description=b&state=STATE", "unusable"),
            Row("one encoded", "code=c&%63ode=d&state=STATE", "unusable"),
            Row("no state", "code=c", "foreign"),
            Row("a no without a state", "error=access_denied", "foreign"),
            Row("an empty state", "code=c&state=", "foreign"),
            Row("a state without a value", "code=c&state", "foreign"),
            Row("another state", "code=c&state=x", "foreign"),
            Row("a longer state", "code=c&state=STATEx", "foreign"),
            Row("a space before the state", "code=c&state=+STATE", "foreign"),
            Row("a NUL behind the state", "code=c&state=STATE%00", "foreign"),
            Row("the state under another name", "code=c&State=STATE", "foreign"),
            Row("the state as a code", "code=STATE", "foreign"),
            Row("nothing", "", "foreign"), Row("noise", "&=&&==", "foreign"),
            Row("half an escape", "code=c&state=STATE&x=%4", "foreign"),
            Row("bytes that are no text", "code=%FF&state=STATE", "unusable"),
        ])
    func reply(_ row: Row<String, String>) throws {
        #expect(try reply(row.given).summary == row.wanted)
    }

    @Test("AUTH-03: half a state and a state in another case are not ours")
    func nearlyOurs() throws {
        let request = try AuthorizationRequest.example()
        let state = try #require(request.parameter("state"))
        let half = RedirectReply(query: "code=c&state=\(state.prefix(16))", to: request)
        let other = RedirectReply(query: "code=c&state=\(state.lowercased())", to: request)
        #expect(half.summary == "foreign")
        #expect(other.summary == "foreign")
    }

    @Test("AUTH-03: a state that Unicode holds for the same is not ours")
    func kelvinState() throws {
        var world = World.alone
        world.clock.random = { [UInt8](repeating: 0x28, count: $0) }
        let request = try AuthorizationRequest.example(world: world)
        let state = try #require(request.parameter("state"))
        let kelvin = state.replacing("K", with: "%E2%84%AA")
        #expect(kelvin != state)
        #expect(RedirectReply(query: "code=c&state=\(kelvin)", to: request).summary == "foreign")
    }

    @Test("AUTH-03: why a reply is not ours does not tell the state that is")
    func silence() throws {
        let request = try AuthorizationRequest.example()
        let state = try #require(request.parameter("state"))
        let reply = RedirectReply(query: "code=CODE&state=x", to: request)
        #expect(reply.problem?.contains(state) == false)
        #expect(reply.problem?.contains("CODE") == false)
    }

    @Test("AUTH-04: what the server says reaches a person without control characters")
    func rejection() throws {
        let reply = try reply(
            "error=access_denied&error_description=no%1b%5B31m%0Ared%C2%9B1m%E2%80%AE&state=STATE")
        let rejection = try #require(reply.rejection)
        let failure = Failure(.loginRequired, "no", because: rejection.reason)
        #expect(rejection.code == "access_denied")
        #expect(
            failure.because == "the server answered 'access_denied': no [31m red 1m ")
    }

    @Test("AUTH-04: PKCE-03: neither does an error code, whatever it is")
    func errorCode() throws {
        let reply = try reply(
            "error=invalid_request%1B&error_description=transform+not+supported&state=STATE")
        let rejection = try #require(reply.rejection)
        let failure = Failure(.loginRequired, "no", because: rejection.reason)
        #expect(
            failure.because == "the server answered 'invalid_request ': transform not supported")
    }

    /// A reply to an attempt at an issuer: what the server promised, and the reply's `iss`.
    struct Issued: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var naming: ExpectedIssuer.Naming = .perhaps
        let query: String
        let wanted: String
    }

    @Test(
        "AUTH-06: AUTH-07: the reply comes from the very issuer, where it names one or must",
        arguments: [
            Issued(testDescription: "not named", query: "code=c", wanted: "code c"),
            Issued(
                testDescription: "named", query: "code=c&iss=https%3A%2F%2Fas.example",
                wanted: "code c"),
            Issued(
                testDescription: "promised and named", naming: .always,
                query: "code=c&iss=https://as.example", wanted: "code c"),
            Issued(
                testDescription: "promised and not named", naming: .always,
                query: "code=c", wanted: "unusable"),
            Issued(
                testDescription: "promised and not named in a no", naming: .always,
                query: "error=e", wanted: "unusable"),
            Issued(
                testDescription: "another", query: "code=c&iss=https://evil.example",
                wanted: "unusable"),
            Issued(
                testDescription: "promised and another", naming: .always,
                query: "code=c&iss=https://evil.example", wanted: "unusable"),
            Issued(
                testDescription: "a slash more", naming: .always,
                query: "code=c&iss=https://as.example/", wanted: "unusable"),
            Issued(
                testDescription: "in capitals", query: "code=c&iss=https://AS.example",
                wanted: "unusable"),
            Issued(
                testDescription: "with a port", query: "code=c&iss=https://as.example:443",
                wanted: "unusable"),
            Issued(testDescription: "empty", query: "code=c&iss=", wanted: "unusable"),
            Issued(
                testDescription: "another in a no",
                query: "error=access_denied&iss=https://evil.example", wanted: "unusable"),
        ])
    func issuer(_ row: Issued) throws {
        let issuer = ExpectedIssuer("https://as.example", naming: row.naming)
        #expect(try reply("\(row.query)&state=STATE", issuer: issuer).summary == row.wanted)
    }

    @Test("AUTH-07: an issuer that Unicode holds for the same is another")
    func kelvinIssuer() throws {
        let reply = try reply(
            "code=c&state=STATE&iss=https://as.example/%E2%84%AA",
            issuer: ExpectedIssuer("https://as.example/K", naming: .always))
        #expect(reply.summary == "unusable")
    }

    @Test("a server whose issuer nobody knows may name any")
    func anyIssuer() throws {
        #expect(try reply("code=c&iss=https://x.example&state=STATE").summary == "code c")
    }

    @Test("AUTH-07: AUTH-04: the name of another issuer cannot steer a terminal")
    func issuerName() throws {
        let reply = try reply(
            "code=c&iss=https://x%1B%5B2J&state=STATE",
            issuer: ExpectedIssuer("https://as.example", naming: .perhaps))
        let failure = Failure(.loginRequired, "no", because: reply.problem)
        #expect(
            failure.because == "the reply comes from 'https://x [2J', not 'https://as.example'")
    }

    @Test("AUTH-08: the reply of one login is foreign to every other, of this server or another")
    func otherLogins() throws {
        let issuers = ["https://a.example", "https://b.example", "https://a.example"]
        let logins = try issuers.map { issuer in
            try AuthorizationRequest.example(
                endpoint: "\(issuer)/authorize",
                issuer: ExpectedIssuer(issuer, naming: .perhaps))
        }
        let answers = logins.map { login in
            logins.map { other in
                RedirectReply(
                    query: "code=c&state=\(other.parameter("state") ?? "")", to: login
                ).summary
            }
        }
        #expect(
            answers == [
                ["code c", "foreign", "foreign"], ["foreign", "code c", "foreign"],
                ["foreign", "foreign", "code c"],
            ])
    }

    private func reply(_ query: String, issuer: ExpectedIssuer? = nil) throws
        -> RedirectReply
    {
        let request = try AuthorizationRequest.example(issuer: issuer)
        let state = try #require(request.parameter("state"))
        return RedirectReply(query: query.replacing("STATE", with: state), to: request)
    }
}
