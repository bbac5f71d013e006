import CredCLI
import CredCore
import Testing

import struct TestSupport.Example
import struct TestSupport.Row

@Suite("Token formats") struct TokenFormatTests {
    @Test(
        "a token is printed in the form that its reader wants",
        arguments: [
            Row("raw", .raw, "t0k"), Row("header", .header, "Authorization: Bearer t0k"),
            Row(
                "json", .json,
                #"{"access_token":"t0k","token_type":"Bearer","expires_at":1700000000,"#
                    + #""profile":"m2m"}"#),
            Row(
                "env", .env,
                "export PLANET_CRED_TOKEN='t0k'\nexport A='b'\nunset PL_API_KEY PL_AUTH_TOKEN"),
            Row("curl", .curl, #"header = "Authorization: Bearer t0k""#),
            Row(
                "netrc", .netrc,
                "machine a.example login oauth2 password t0k"),
            Row(
                "kubernetes", .kubernetes,
                #"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","#
                    + #""status":{"token":"t0k","expirationTimestamp":"2023-11-14T22:13:20Z"}}"#),
        ] as [Row<TokenFormat, String>])
    func token(_ row: Row<TokenFormat, String>) throws {
        let text = try row.given.text(
            credential(.accessToken, "Bearer", "t0k"), Self.profile,
            environment: [
                ("PLANET_CRED_TOKEN", Secret("t0k")), ("PL_API_KEY", nil), ("A", Secret("b")),
                ("PL_AUTH_TOKEN", nil),
            ], remedy: nil)
        #expect(text == Secret("\(row.wanted)\n"))
    }

    @Test(
        "an API key without an expiry leaves out what it has not",
        arguments: [
            Row("header", .header, "Authorization: api-key k"),
            Row("json", .json, #"{"access_token":"k","token_type":"api-key","profile":"m2m"}"#),
            Row(
                "netrc", .netrc,
                "machine a.example login k password \"\""),
            Row(
                "kubernetes", .kubernetes,
                #"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","#
                    + #""status":{"token":"k"}}"#),
        ] as [Row<TokenFormat, String>])
    func key(_ row: Row<TokenFormat, String>) throws {
        let credential = try credential(.apiKey, "api-key", "k", expiresAt: nil)
        #expect(
            try row.given.text(credential, Self.profile, remedy: nil) == Secret("\(row.wanted)\n"))
    }

    @Test(
        "BEAR-01: a token cannot break out of its quotes",
        arguments: [
            Row("a shell's", .env, #"export PLANET_CRED_TOKEN='a'\''$(x)`y`"\'\'''"#),
            Row("curl's", .curl, #"header = "Authorization: Bearer a'$(x)`y`\"\\'""#),
            Row("JSON's", .json, #"{"access_token":"a'$(x)`y`\"\\'","token_type""#),
        ] as [Row<TokenFormat, String>])
    func quoting(_ row: Row<TokenFormat, String>) throws {
        let token = #"a'$(x)`y`"\'"#
        let text = try row.given.text(
            credential(.accessToken, "Bearer", token), Self.profile,
            environment: [("PLANET_CRED_TOKEN", Secret(token))], remedy: nil)
        #expect(text.reveal().hasPrefix(row.wanted))
    }

    @Test("netrc lines need a host that is named exactly")
    func noHost() throws {
        let profile = Profile(
            name: try ProfileName("m2m"), method: .none, hosts: [try HostPattern("*.example.com")])
        let credential = try credential(.accessToken, "Bearer", "SECRET")
        let failure = try #require(throws: Failure.self) {
            try TokenFormat.netrc.text(credential, profile, remedy: "status")
        }
        #expect(failure.kind == .profile)
        #expect(failure.remedy == "status")
        #expect(!"\(failure)".contains("SECRET"))
    }

    private static var profile: Profile {
        get throws {
            Profile(
                name: try ProfileName("m2m"), method: .none,
                hosts: [
                    try HostPattern("a.example"), try HostPattern("*.c.example"),
                    try HostPattern("b.example:8443"),
                ])
        }
    }

    private func credential(
        _ kind: Credential.Kind, _ scheme: String, _ text: String,
        expiresAt: UnixTime? = UnixTime(1_700_000_000)
    ) throws -> Credential {
        let authorization = try #require(Authorization(scheme: scheme, credential: text))
        return Credential(kind, authorization, expiresAt: expiresAt)
    }
}

@Suite("Failures on standard error") struct FailureTextTests {
    @Test(
        "each part that there is has its line",
        arguments: [
            Row("one", Failure(.failed, "a"), "planet-cred: error: a\n"),
            Row(
                "a reason", Failure(.failed, "a", because: "b"),
                "planet-cred: error: a\nplanet-cred: because: b\n"),
            Row(
                "a remedy", Failure(.failed, "a", remedy: "c"),
                "planet-cred: error: a\nplanet-cred: try: c\n"),
            Row(
                "all, each on one line",
                Failure(.failed, "a\nb", because: "c\rd", remedy: "e\u{1B}f"),
                "planet-cred: error: a b\nplanet-cred: because: c d\nplanet-cred: try: e f\n"),
        ])
    func text(_ row: Row<Failure, String>) {
        #expect(row.given.text == row.wanted)
    }
}
