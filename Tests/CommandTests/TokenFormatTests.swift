import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("The formats of token", .inTurn) struct TokenFormatTests {
    private static let key = ["PL_API_KEY": "PLAK-1"]

    @Test(
        "a token is printed in the form that its reader wants",
        arguments: [
            Row("raw", "raw", "<token>\n"),
            Row("header", "header", "Authorization: Bearer <token>\n"),
            Row(
                "json",

                "json",
                #"{"access_token":"<token>","token_type":"Bearer","expires_at":<expiry>,"profile":"practice"}"#
                    + "\n"
            ),
            Row(
                "env",

                "env",
                """
                export PLANET_CRED_TOKEN='<token>'
                export PLANET_CRED_AUTHORIZATION='Bearer <token>'
                export PLANET_CRED_EXPIRES_AT='<expiry>'

                """
            ),
            Row("curl", "curl", "header = \"Authorization: Bearer <token>\"\n"),
            Row("netrc", "netrc", "machine 127.0.0.1 login oauth2 password <token>\n"),
        ])
    func formats(_ row: Row<String, String>) async throws {
        let practice = try Practice()
        let answer = try await practice.run("token", "--format", row.given)
        let expiry = try practice.home.tokenExpiry()
        let expected = row.wanted
            .replacing("<token>", with: practice.server.issuedTokens[0])
            .replacing("<expiry>", with: "\(expiry)")
        #expect(answer == Outcome(expected))
    }

    @Test("kubernetes gets an ExecCredential") func kubernetes() async throws {
        let practice = try Practice()
        let answer = try await practice.run("token", "--format=kubernetes")
        let expiry = try practice.home.tokenExpiry()
        let date = Date(timeIntervalSince1970: Double(expiry)).formatted(.iso8601)
        let status =
            #"{"token":"\#(practice.server.issuedTokens[0])","expirationTimestamp":"\#(date)"}"#
        let expected =
            #"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":"#
        #expect(answer == Outcome("\(expected)\(status)}\n"))
    }

    @Test(
        "an API key is printed in the same forms",
        arguments: [
            Row("raw", "raw", "PLAK-1\n"),
            Row("header", "header", "Authorization: api-key PLAK-1\n"),
            Row(
                "json",

                "json",
                #"{"access_token":"PLAK-1","token_type":"api-key","profile":"_pl_api_key"}"#
                    + "\n"
            ),
            Row(
                "env",

                "env",
                """
                export PLANET_CRED_TOKEN='PLAK-1'
                export PLANET_CRED_AUTHORIZATION='api-key PLAK-1'
                export PLANET_CRED_EXPIRES_AT=''

                """
            ),
            Row("curl", "curl", "header = \"Authorization: api-key PLAK-1\"\n"),
            Row(
                "kubernetes",

                "kubernetes",
                #"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","#
                    + #""status":{"token":"PLAK-1"}}"# + "\n"
            ),
        ])
    func key(_ row: Row<String, String>) async throws {
        let home = try ScratchHome()
        let answer = try await home.run("token", "--format", row.given, with: Self.key)
        #expect(answer == Outcome(row.wanted))
    }

    @Test("netrc has a line for each host that is named exactly") func netrcHosts() async throws {
        let practice = try Practice(own: ["hosts": ["a.example", "*.b.example", "c.example"]])
        let answer = try await practice.run("token", "--format", "netrc")
        let token = practice.server.issuedTokens[0]
        #expect(
            answer
                == Outcome(
                    """
                    machine a.example login oauth2 password \(token)
                    machine c.example login oauth2 password \(token)

                    """))
    }

    @Test("netrc without a host is refused") func netrcWithoutHost() async throws {
        let practice = try Practice(own: ["hosts": ["*.b.example"]])
        let answer = try await practice.run("token", "--format", "netrc")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot write netrc lines for profile 'practice'
                        planet-cred: because: a netrc line needs a host, and the profile names none exactly
                        planet-cred: try: planet-cred status --profile practice

                        """, status: 78))
    }

    @Test("header is token --format header") func header() async throws {
        let practice = try Practice()
        let answer = try await practice.run("header")
        #expect(answer == Outcome("Authorization: Bearer \(practice.server.issuedTokens[0])\n"))
    }

    @Test(
        "curl takes a token from us",
        arguments: [
            Example("as a config file", "planet-cred token --format curl | curl -sq --config - $1"),
            Example("as a header", "planet-cred header | curl -sq -H @- $1"),
            Example("as a word", #"curl -sq --oauth2-bearer "$(planet-cred token)" $1"#),
            Example(
                "as variables",
                #"eval "$(planet-cred token --format env)"; curl -sq -H "Authorization: $PLANET_CRED_AUTHORIZATION" $1"#
            ),
            Example(
                "as a netrc file",
                #"curl -sq --netrc-file <(planet-cred token --format netrc) $1"#),
        ])
    func curl(_ row: Example<String>) async throws {
        let practice = try Practice()
        let answer = try await practice.home.shell(
            row.given, practice.server.resource, with: ["PL_AUTH_PROFILE": "practice"])
        #expect(answer.text.contains(#""user":"m2m""#))
    }

    @Test("curl takes an API key from a netrc file") func curlKey() async throws {
        let practice = try Practice()
        try practice.home.writeProfile(
            "practice",
            [
                "client_type": "static_apikey", "api_key": "practice-api-key",
                "bearer_token_prefix": "api-key", "planet_cred": ["hosts": ["127.0.0.1"]],
            ])
        let answer = try await practice.home.shell(
            "curl -sq --netrc-file <(planet-cred token --format netrc) $1",
            practice.server.resource, with: ["PL_AUTH_PROFILE": "practice"])
        #expect(answer.text.contains(#""user":"api-key""#))
    }

    @Test("a profile of type none has nothing to print") func none() async throws {
        let home = try ScratchHome()
        try home.writeProfile("empty", ["client_type": "none"])
        let answer = try await home.run("token", "--profile", "empty")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: profile 'empty' sends no credential
                        planet-cred: because: its type is 'none'

                        """, status: 78))
    }
}
