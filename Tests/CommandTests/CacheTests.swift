import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("The token cache", .inTurn) struct CacheTests {
    @Test("CC-02: a token is fetched once and then served from the cache") func shared()
        async throws
    {
        let practice = try Practice()
        let first = try await practice.run("token")
        let second = try await practice.run("token")
        #expect(first == Outcome(practice.server.issuedTokens[0] + "\n"))
        #expect(second == first)
        #expect(practice.tokenRequestCount == 1)
    }

    @Test(
        "CC-02: 64 processes at once cause one token request", .crowd,
        arguments: [
            Example("cold", nil), Example("cold again", nil), Example("expired", 4000),
            Example("expired again", 4000),
        ] as [Example<Int?>])
    func crowd(_ row: Example<Int?>) async throws {
        let practice = try Practice()
        if let age = row.given {
            _ = try await practice.run("token")
            try practice.home.ageToken(bySeconds: age)
            practice.server.clearLog()
        }
        let running = try (0..<64).map { _ in try practice.command(["token"]).start() }
        var answers: [Outcome] = []
        for process in running { answers.append(await process.outcome()) }
        let token = try #require(practice.server.issuedTokens.last)
        #expect(answers == Array(repeating: Outcome("\(token)\n"), count: 64))
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("a token is renewed before it is too old to be used") func margin() async throws {
        let practice = try Practice()
        _ = try await practice.run("token")
        try practice.home.ageToken(bySeconds: 3541)
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[1] + "\n"))
    }

    @Test("--min-ttl asks for a token that lives longer") func minimumLife() async throws {
        let practice = try Practice()
        _ = try await practice.run("token")
        try practice.home.ageToken(bySeconds: 1800)
        let short = try await practice.run("token", "--min-ttl", "900")
        let long = try await practice.run("token", "--min-ttl", "1900")
        #expect(short == Outcome(practice.server.issuedTokens[0] + "\n"))
        #expect(long == Outcome(practice.server.issuedTokens[1] + "\n"))
    }

    @Test("a life that no token has is refused, and both figures are named", arguments: [1, 2])
    func tooLong(_ calls: Int) async throws {
        let practice = try Practice()
        for _ in 1..<calls { _ = try await practice.run("token") }
        let answer = try await practice.run("token", "--min-ttl", "7200")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: no token of profile 'practice' lives 7200 s
                        planet-cred: because: the server issues them for 3600 s
                        planet-cred: try: planet-cred token --min-ttl 1800 --profile practice

                        """, status: 69))
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("--rejected gets another token") func rejected() async throws {
        let practice = try Practice()
        _ = try await practice.run("token")
        let answer = try await practice.run("token", "--rejected")
        #expect(answer == Outcome(practice.server.issuedTokens[1] + "\n"))
    }

    @Test("--rejected of many processes that were given the same token gets one new token")
    func rejectedTogether() async throws {
        let practice = try Practice()
        let old = try await practice.run("token").line
        let running = try (0..<8).map { _ in
            try practice.command(["token", "--rejected"], with: ["PLANET_CRED_TOKEN": old]).start()
        }
        var answers: [Outcome] = []
        for process in running { answers.append(await process.outcome()) }
        #expect(Set(answers.map(\.text)) == [practice.server.issuedTokens[1] + "\n"])
        #expect(practice.tokenRequestCount == 2)
    }

    @Test(
        "a token is used only for what it was issued for",
        arguments: [
            Example<PracticeServer.MemberOverrides>("another client", ["client_id": "other"]),
            Example<PracticeServer.MemberOverrides>("other scopes", ["scopes": ["a"]]),
            Example<PracticeServer.MemberOverrides>("another audience", ["audiences": ["x"]]),
        ])
    func binding(_ row: Example<PracticeServer.MemberOverrides>) async throws {
        let client = PracticeServer.Client(secret: "m2m-secret")
        let practice = try Practice(.with { $0.clients = ["m2m": client, "other": client] })
        _ = try await practice.run("token")
        try practice.home.writeProfile(for: practice.server, changing: row.given)
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[1] + "\n"))
    }

    @Test("unknown members of token.json survive a renewal") func unknownMembers() async throws {
        let practice = try Practice()
        try practice.home.writeTokenFile(
            "practice",
            #"{"access_token": "old", "_exp": 5, "odd": {"n": 1.50, "s": "\u00e9"}, "_iat": 1, "refresh_token": "r"}"#
        )
        _ = try await practice.run("token")
        let text = try #require(practice.home.tokenText())
        #expect(text.contains("\"odd\": {\n    \"n\": 1.50,"))
        #expect(
            try practice.home.token()["access_token"] as? String == practice.server.issuedTokens[0])
    }

    @Test(
        "everything is made for the owner alone, whatever the umask",
        arguments: ["000", "022", "077"])
    func modes(_ mask: String) async throws {
        let practice = try Practice(changing: ["scopes": ["x"]])
        practice.server.script("/token", [.status(429, headers: ["Retry-After": "0"])])
        _ = try await practice.home.shell(
            "umask $1; planet-cred token; PLANET_CRED_TRACE=~/trace planet-cred token", mask,
            with: ["PL_AUTH_PROFILE": "practice"])
        let files = practice.home.files.filter { !$0.hasSuffix("auth_client.json") }
        let modes = try files.map { "\($0) \(String(try practice.home.mode($0), radix: 8))" }
        let metadata = try #require(files.first { $0.hasPrefix(".cache/planet-cred/") })
        #expect(
            modes == [
                ".cache 700", ".cache/planet-cred 700", "\(metadata) 600", ".planet 700",
                ".planet/practice 700", ".planet/practice/token.json 600",
                ".planet/practice/token.lock 600", "trace 600",
            ])
    }

    @Test("the folder of a new profile name is made for the owner alone") func newFolder()
        async throws
    {
        let practice = try Practice()
        let file = practice.home.absolute(ScratchHome.profilePath("practice"))
        _ = try await practice.home.shell(
            "umask 000; planet-cred token --profile-file $1 --profile new", file)
        #expect(try practice.home.mode(".planet/new") == 0o700)
        #expect(try practice.home.mode(".planet/new/token.json") == 0o600)
    }
}
