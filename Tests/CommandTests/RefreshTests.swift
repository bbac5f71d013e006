import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Renewal of a person's session", .inTurn) struct RefreshTests {
    @Test("REF-01: a public client sends its refresh token, its name and no scope") func form()
        async throws
    {
        let session = try PersonalSession()
        let answer = try await session.run("token")
        #expect(answer == Outcome(session.server.issuedTokens[1] + "\n"))
        let form = try #require(session.server.requests.last)
        #expect(form.field("grant_type") == "refresh_token")
        #expect(form.field("refresh_token") == session.refreshToken)
        #expect(form.field("client_id") == "pub")
        #expect(form.field("scope") == nil)
        #expect(form.headers["Authorization"] == nil)
    }

    @Test("REF-01: a client with a secret authenticates as it does for everything else")
    func secret() async throws {
        let session = try PersonalSession(
            client: "m2m",
            changing: [
                ("client_type", "oidc_auth_code_secret"), ("client_secret", "m2m-secret"),
                ("planet_cred", ["client_authentication": "client_secret_basic"]),
            ])
        #expect(
            try await session.run("token") == Outcome(session.server.issuedTokens[1] + "\n"))
        let form = try #require(session.server.requests.last)
        #expect(form.headers["Authorization"]?.hasPrefix("Basic ") == true)
        #expect(form.field("refresh_token") == session.refreshToken)
    }

    @Test("REF-02: the next refresh token is on disk in place of the old one") func rotates()
        async throws
    {
        let session = try PersonalSession()
        _ = try await session.run("token")
        #expect(try session.keptRefreshToken() != session.refreshToken)
        #expect(try session.isAlive())
        #expect(
            try session.folder()
                == ["auth_client.json", "token.json", "token.lock", "token.spent"])
        #expect(try session.home.mode(ScratchHome.tokenPath("person")) == 0o600)
    }

    @Test("REF-02: file and folder are on disk before the token is printed") func durable()
        async throws
    {
        let session = try PersonalSession()
        let trace = "\(session.home.root)/trace"
        _ = try await session.shell(
            "strace -y -e trace=fsync,rename,write -o \(trace) planet-cred token")
        let calls = try session.home.read(trace).split(separator: "\n").map(String.init)
        let file = calls.firstIndex { $0.hasPrefix("fsync") && $0.contains("token.json.new>") }
        let rename = calls.firstIndex { $0.hasPrefix("rename") && $0.contains("token.json\"") }
        let folder = calls.firstIndex { $0.hasPrefix("fsync") && $0.contains("/person>") }
        let print = calls.firstIndex { $0.hasPrefix("write(1<") }
        let order = [file, rename, folder, print].compactMap(\.self)
        #expect(order.count == 4)
        #expect(order == order.sorted())
    }

    @Test("REF-03: an answer without a refresh token keeps the old one") func keeps() async throws {
        let session = try PersonalSession(.with { $0.refreshTokens = .keep })
        for _ in 0..<2 {
            _ = try await session.run("token")
            try session.spend()
        }
        #expect(
            try await session.run("token") == Outcome(session.server.issuedTokens[3] + "\n"))
        #expect(try session.keptRefreshToken() == session.refreshToken)
    }

    @Test("REF-07: a refused refresh token is not tried again, and the login is named")
    func remembers() async throws {
        let session = try PersonalSession()
        session.server.faults = [PracticeServer.Fault(.oauthError("invalid_grant"), path: "/token")]
        let first = try await session.run("token")
        let others = try await session.crowd(10)
        #expect(
            first
                == Outcome(
                    errors: """
                        planet-cred: error: cannot get a token for profile 'person'
                        planet-cred: because: the server answered 'invalid_grant'
                        planet-cred: try: planet-cred login person

                        """, status: 77))
        #expect(Set(others.map(\.end)) == [.exited(77)])
        #expect(Set(others.map(\.errorParts.last)) == ["try: planet-cred login person"])
        #expect(session.server.requestCount("/token") == 1)
        #expect(try session.keptRefreshToken() == session.refreshToken)
        let status = try await session.run("status")
        #expect(
            status.text.contains(
                "\nrefresh token  the server answered 'invalid_grant'; try: planet-cred login person\n"
            ))
    }

    @Test("REF-07: a profile file is named in the login that would help") func profileFile()
        async throws
    {
        let session = try PersonalSession()
        session.server.faults = [PracticeServer.Fault(.oauthError("invalid_grant"), path: "/token")]
        let file = session.home.absolute(ScratchHome.profilePath("person"))
        let answer = try await session.run("token", "--profile-file", file, "--profile", "person")
        #expect(
            answer.errorParts.last
                == "try: planet-cred login --profile-file \(file) --profile person")
    }

    @Test("REF-10: a refresh token is not sent to the server of an edited profile")
    func edited() async throws {
        let session = try PersonalSession()
        #expect(try await session.run("token").end == .exited(0))
        let other = try PracticeServer()
        try session.writeProfile(for: other)
        #expect(try await session.run("token").end == .exited(77))
        #expect(other.requests.isEmpty)
    }

    @Test("REF-10: a refresh token is not sent by the client of an edited profile")
    func editedClient() async throws {
        let session = try PersonalSession()
        _ = try await session.run("token")
        session.server.clearLog()
        try session.writeProfile(for: session.server, client: "other")
        #expect(try await session.run("token").end == .exited(77))
        #expect(session.server.requests.isEmpty)
    }

    @Test("an ageing token is handed out at once and refreshed by a detached process")
    func background() async throws {
        let session = try PersonalSession(expiresIn: 800)
        #expect(try await session.run("token") == Outcome(session.accessToken + "\n"))
        try await Condition.wait(for: "the new token") {
            session.server.issuedTokens.count == 2
                && session.home.tokenText("person")?.contains(session.server.issuedTokens[1])
                    ?? false
        }
        #expect(try session.isAlive())
    }

    @Test("what git erases is the access token alone") func erase() async throws {
        let session = try PersonalSession(
            changing: [("planet_cred", ["hosts": ["127.0.0.1"]])], expiresIn: 3000)
        let input = "protocol=http\nhost=127.0.0.1\npassword=\(session.accessToken)\n"
        #expect(try await session.run("erase", input: input) == Outcome())
        #expect(try session.keptRefreshToken() == session.refreshToken)
        #expect(
            try await session.run("token") == Outcome(session.server.issuedTokens[1] + "\n"))
    }
}
