import CredCore
import TestSupport
import Testing

@Suite("Redirect URIs") struct RedirectURITests {
    /// What a profile names, and what a login then uses with the port 5000.
    struct Names: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let members: String
        var local: String?
        var remote: String?
    }

    @Test(
        "LOOP-01: a profile names a place on this machine, a page elsewhere, both or neither",
        arguments: [
            Names(
                testDescription: "neither", members: "",
                local: "http://127.0.0.1:5000/callback"),
            Names(
                testDescription: "neither has a text",
                members: #", "redirect_uri": "", "local_redirect_uri": null"#,
                local: "http://127.0.0.1:5000/callback"),
            Names(
                testDescription: "local only",
                members: #", "local_redirect_uri": "http://localhost:8080/cb""#,
                local: "http://localhost:8080/cb"),
            Names(
                testDescription: "local under the other name",
                members: #", "redirect_uri": "http://localhost:8080/cb""#,
                local: "http://localhost:8080/cb"),
            Names(
                testDescription: "remote only",
                members: #", "redirect_uri": "https://app.example/shown?a=b""#,
                remote: "https://app.example/shown?a=b"),
            Names(
                testDescription: "both",
                members:
                    #", "redirect_uri": "https://a.example/x", "local_redirect_uri": "http://[::1]/""#,
                local: "http://[::1]:5000/", remote: "https://a.example/x"),
            Names(
                testDescription: "two on this machine",
                members:
                    #", "redirect_uri": "http://localhost/x", "local_redirect_uri": "http://[::1]/y""#,
                local: "http://[::1]:5000/y"),
            Names(
                testDescription: "out of band",
                members: #", "redirect_uri": "urn:ietf:wg:oauth:2.0:oob""#,
                remote: "urn:ietf:wg:oauth:2.0:oob"),
            Names(
                testDescription: "an app's own scheme",
                members: #", "redirect_uri": "com.example.app:/cb""#,
                remote: "com.example.app:/cb"),
        ])
    func names(_ names: Names) throws {
        let redirects = try redirects(names.members)
        #expect(redirects.local?.uri(port: 5000) == names.local)
        #expect(redirects.remote == names.remote)
    }

    @Test("the usual place is a path of 127.0.0.1 with any port")
    func usual() throws {
        let local = LoopbackRedirect.standard
        #expect(local.host.description == "127.0.0.1")
        #expect(local.port == nil)
        #expect(local.path == "/callback")
    }

    /// A registered URI, taken apart, and the one that a login with the port 5000 sends.
    struct Local: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let host: String
        var port: Int?
        let path: String
        let uri: String

        init(_ text: String, _ host: String, _ port: Int?, _ path: String, _ uri: String) {
            testDescription = text
            self.text = text
            self.host = host
            self.port = port
            self.path = path
            self.uri = uri
        }
    }

    @Test(
        "AUTH-09: a place on this machine is kept byte for byte but for a port that it leaves open",
        arguments: [
            Local(
                "http://127.0.0.1:8080/cb", "127.0.0.1", 8080, "/cb", "http://127.0.0.1:8080/cb"),
            Local("http://127.0.0.1/cb", "127.0.0.1", nil, "/cb", "http://127.0.0.1:5000/cb"),
            Local("http://127.0.0.1:0/cb", "127.0.0.1", nil, "/cb", "http://127.0.0.1:5000/cb"),
            Local("http://localhost", "localhost", nil, "/", "http://localhost:5000"),
            Local("http://localhost:0", "localhost", nil, "/", "http://localhost:5000"),
            Local("http://localhost:80/", "localhost", 80, "/", "http://localhost:80/"),
            Local("http://LocalHost:1/", "localhost", 1, "/", "http://LocalHost:1/"),
            Local("http://LocalHost/A", "localhost", nil, "/A", "http://LocalHost:5000/A"),
            Local("http://[::1]/cb", "[::1]", nil, "/cb", "http://[::1]:5000/cb"),
            Local("http://[::1]:0/cb", "[::1]", nil, "/cb", "http://[::1]:5000/cb"),
            Local("http://[::1]:65535", "[::1]", 65535, "/", "http://[::1]:65535"),
            Local("http://[0:0::1]/cb", "[::1]", nil, "/cb", "http://[0:0::1]:5000/cb"),
            Local(
                "http://localhost/a%2Fb//c/?x=%20&y:0", "localhost", nil, "/a%2Fb//c/",
                "http://localhost:5000/a%2Fb//c/?x=%20&y:0"),
            Local("http://localhost?x=1", "localhost", nil, "/", "http://localhost:5000?x=1"),
            Local("http://localhost:9?", "localhost", 9, "/", "http://localhost:9?"),
            Local("http://localhost/:0", "localhost", nil, "/:0", "http://localhost:5000/:0"),
        ])
    func thisMachine(_ row: Local) throws {
        let redirect = try #require(LoopbackRedirect(row.text))
        #expect(redirect.host.description == row.host)
        #expect(redirect.port == row.port)
        #expect(redirect.path == row.path)
        #expect(redirect.uri(port: 5000) == row.uri)
    }

    @Test(
        "what is not plain http on a loopback host is no place on this machine",
        arguments: [
            Example("https", "https://localhost:8080/cb"), Example("a host", "http://a.example/cb"),
            Example("a name that starts alike", "http://localhost.example/cb"),
            Example("any address", "http://0.0.0.0/cb"),
            Example("another loopback address, where nobody listens", "http://127.0.0.2:8080/cb"),
            Example("no scheme", "localhost:8080/cb"), Example("no host", "http:///cb"),
            Example("nothing", ""), Example("the scheme alone", "http://"),
            Example("a port that is too large", "http://localhost:65536/"),
            Example("a port in words", "http://localhost:http/"),
            Example("an empty port", "http://localhost:/"),
            Example("a port of minus one", "http://localhost:-1/"),
            Example("zeros for a port", "http://localhost:00/"),
            Example("two ports", "http://localhost:80:0/cb"),
            Example("a user", "http://me@localhost/cb"), Example("a fragment", "http://[::1]/#a"),
            Example("a space", "http://localhost/a b"),
            Example("a line end", "http://localhost/\r\nX: y"),
            Example("a letter beyond ASCII", "http://localhost/ä"),
            Example("a mark before the host", "http://\u{301}localhost/cb"),
            Example("a mark after the slash", "http://localhost/\u{301}"),
            Example("half an escape", "http://localhost/%4"),
            Example("an address without brackets", "http://::1/cb"),
        ])
    func elsewhere(_ example: Example<String>) {
        #expect(LoopbackRedirect(example.given) == nil)
    }

    @Test(
        "a redirect URI that is wrong is a profile failure that names the member",
        arguments: [
            Row("a page elsewhere", #""local_redirect_uri": "https://a.example/""#, local),
            Row("https on this machine", #""local_redirect_uri": "https://localhost/""#, local),
            Row("a path alone", #""local_redirect_uri": "/callback""#, local),
            Row("a number", #""local_redirect_uri": 8080"#, local),
            Row("a NUL", #""local_redirect_uri": "http://localhost/\u0000""#, local),
            Row("a list", #""redirect_uri": ["http://localhost/"]"#, remote),
            Row("a word", #""redirect_uri": "callback""#, remote),
            Row("a path", #""redirect_uri": "/callback""#, remote),
            Row("a path with a colon", #""redirect_uri": "/a:b""#, remote),
            Row("a colon", #""redirect_uri": ":""#, remote),
            Row("no scheme", #""redirect_uri": "127.0.0.1:8080/callback""#, remote),
            Row("plain http elsewhere", #""redirect_uri": "http://a.example/cb""#, remote),
            Row(
                "a port that is too large", #""redirect_uri": "http://localhost:99999/cb""#, remote),
            Row("a fragment", #""redirect_uri": "https://a.example/#a""#, remote),
            Row("a fragment on this machine", #""redirect_uri": "http://localhost/#a""#, remote),
            Row("a space", #""redirect_uri": "https://a.example/b c""#, remote),
            Row("a line end", #""redirect_uri": "https://a.example/\n""#, remote),
            Row("a letter beyond ASCII", #""redirect_uri": "https://ä.example/""#, remote),
            Row(
                "wrong beside a right one",
                #""redirect_uri": "callback", "local_redirect_uri": "http://localhost/""#, remote),
        ])
    func wrong(_ row: Row<String, String>) throws {
        let failure = try #require(throws: Failure.self) { try redirects(", \(row.given)") }
        #expect(failure.kind == .profile)
        #expect(failure.because?.contains("'\(row.wanted)'") == true)
    }

    private static let local = "local_redirect_uri"
    private static let remote = "redirect_uri"

    private func redirects(_ members: String) throws -> RedirectURIs {
        let profile = try Profile.parsed(
            """
            {"client_type": "oidc_auth_code", "client_id": "i", "auth_server": "https://as.example"
            \(members)}
            """)
        guard case .authorizationCode(let redirects, _) = profile.client?.grant else {
            throw Failure(.failed, "no authorization code grant")
        }
        return redirects
    }
}
