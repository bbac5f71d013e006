import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Bad input", .inTurn) struct BadInputTests {
    private static let oldToken =
        #"{"access_token": "old", "_iat": 1000, "_exp": 2000, "token_type": "Bearer"}"#

    /// A practice with a token that is spent, which no failure may touch.
    private func practice(_ members: PracticeServer.MemberOverrides = [:]) throws -> Practice {
        let practice = try Practice(changing: members)
        try practice.home.writeTokenFile("practice", Self.oldToken)
        return practice
    }

    @Test(
        "a profile that is no JSON object is told, with the place",
        arguments: [
            Row("half", #"{"client_type": "oidc_"#, "it is not valid JSON"),
            Row("a list", "[]", "not a JSON object"), Row("empty", "", ""),
            Row("not UTF-8 by far", "\u{0}", ""),
        ])
    func noJSON(_ row: Row<String, String>) async throws {
        let practice = try practice()
        let path = practice.home.absolute(ScratchHome.profilePath("practice"))
        try practice.home.write(path, row.given)
        let answer = try await practice.run("token")
        #expect(answer.output == [])
        #expect(answer.errorParts.count == 3)
        #expect(answer.errorParts[0] == "error: cannot use profile 'practice'")
        #expect(answer.errorParts[1].hasPrefix("because: '\(path)': "))
        #expect(answer.errorParts[2] == "try: ${EDITOR:-vi} \(path)")
        #expect(answer.end == .exited(78))
        #expect(practice.home.tokenText() == Self.oldToken)
    }

    @Test(
        "a profile with a wrong member is told, with the member",
        arguments: [
            Row<PracticeServer.MemberOverrides, String>(
                "unknown type", ["client_type": "oidc_telepathy"],
                "'client_type' is 'oidc_telepathy', which is no type we know"),
            Row<PracticeServer.MemberOverrides, String>(
                "no type", ["client_type": nil], "'client_type' is missing"),
            Row<PracticeServer.MemberOverrides, String>(
                "no client", ["client_id": nil], "'client_id' is missing"),
            Row<PracticeServer.MemberOverrides, String>(
                "no secret", ["client_secret": nil], "'client_secret' is missing"),
            Row<PracticeServer.MemberOverrides, String>(
                "no server", ["auth_server": nil], "'auth_server' is missing"),
            Row<PracticeServer.MemberOverrides, String>(
                "a number for a text", ["client_id": 5], "'client_id' must be a string"),
            Row<PracticeServer.MemberOverrides, String>(
                "a text for a list", ["scopes": "a b"], "'scopes' must be a list of strings"),
            Row<PracticeServer.MemberOverrides, String>(
                "two audiences", ["audiences": ["a", "b"]],
                "'audiences' must hold at most one entry"),
            Row<PracticeServer.MemberOverrides, String>(
                "our object is a list", ["planet_cred": []], "'planet_cred' must be an object"),
        ])
    func wrongMember(_ row: Row<PracticeServer.MemberOverrides, String>) async throws {
        let practice = try practice(row.given)
        let path = practice.home.absolute(ScratchHome.profilePath("practice"))
        let answer = try await practice.run("token")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot use profile 'practice'
                        planet-cred: because: '\(path)': \(row.wanted)
                        planet-cred: try: ${EDITOR:-vi} \(path)

                        """, status: 78))
        #expect(practice.home.tokenText() == Self.oldToken)
        #expect(practice.server.connectionCount == 0)
    }

    @Test("a missing curl is told, with how to get it") func noCurl() async throws {
        let practice = try practice()
        let answer = try await practice.run("token", with: ["PATH": "\(practice.home.root)/tmp"])
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot talk to any server
                        planet-cred: because: the program 'curl' is not there
                        planet-cred: try: apt-get install curl    # or: apk add curl, dnf install curl

                        """, status: 69))
        #expect(practice.home.tokenText() == Self.oldToken)
    }

    @Test("a curl of another name that is missing is named") func noOtherCurl() async throws {
        let practice = try practice()
        let answer = try await practice.run("token", with: ["PLANET_CRED_CURL": "/opt/no/curl"])
        #expect(answer.errorParts[1] == "because: the program '/opt/no/curl' is not there")
        #expect(answer.end == .exited(69))
    }

    @Test(
        "a server that cannot be reached is told, with when to try again",
        arguments: [
            Row(
                "no such name", "https://as.example.invalid/token",
                "Could not resolve host: as.example.invalid"),
            Row("refused", "http://127.0.0.1:1/token", "Failed to connect to 127.0.0.1 port 1"),
        ])
    func unreachable(_ row: Row<String, String>) async throws {
        let practice = try practice(["token_endpoint": .string(row.given)])
        let answer = try await practice.run("token")
        #expect(answer.output == [])
        #expect(answer.errorParts.count == 3)
        #expect(answer.errorParts[0] == "error: cannot get a token for profile 'practice'")
        #expect(answer.errorParts[1].contains(row.wanted))
        #expect(answer.errorParts[1].contains("; nobody asks again before 20"))
        #expect(answer.errorParts[2].hasPrefix("try: sleep "))
        #expect(answer.end == .exited(75))
        #expect(practice.home.tokenText() == Self.oldToken)
    }

    @Test("TLS with a server that speaks none is a failure at once") func noTLS() async throws {
        let practice = try practice()
        let endpoint = practice.server.tokenEndpoint.replacing("http:", with: "https:")
        try practice.home.writeProfile(
            for: practice.server, changing: ["token_endpoint": .string(endpoint)])
        let answer = try await practice.run("token")
        #expect(
            answer.errorParts[0] == "error: cannot talk to '\(practice.authority)' securely")
        #expect(answer.errorParts[1].hasPrefix("because: curl says '"))
        #expect(answer.end == .exited(69))
        #expect(practice.home.tokenText() == Self.oldToken)
    }

    @Test(
        "standard output that takes nothing is a failure",
        arguments: [
            Row("closed", "planet-cred token >&-", ""),
            Row("full", "planet-cred token >/dev/full", "No space left on device"),
            Row("full, for git", "planet-cred get >/dev/full", "No space left on device"),
            Row("full, for help", "planet-cred help >/dev/full", "No space left on device"),
        ])
    func output(_ row: Row<String, String>) async throws {
        let practice = try Practice()
        let answer = try await practice.home.shell(
            row.given, input: "protocol=http\nhost=\(practice.authority)\n",
            with: ["PL_AUTH_PROFILE": "practice"])
        #expect(answer.errorParts[0] == "error: cannot write to standard output")
        #expect(answer.errorParts[1].hasPrefix("because: \(row.wanted)"))
        #expect(answer.end == .exited(1))
    }

    @Test("a reader that has gone away does not make a traceback") func pipe() async throws {
        let practice = try Practice()
        let answer = try await practice.home.shell(
            "set -o pipefail; planet-cred token | true",
            with: ["PL_AUTH_PROFILE": "practice"])
        #expect(answer.text == "")
        #expect(!answer.errors.contains("Fatal"))
    }

    @Test("with the standard streams closed no file is harmed") func closedStreams() async throws {
        let practice = try Practice()
        _ = try await practice.home.shell(
            "planet-cred token <&- >&- 2>&-", with: ["PL_AUTH_PROFILE": "practice"])
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("without HOME the home folder is that of the password file") func noHome() async throws {
        let answer = try await ScratchHome().shell(
            "unset HOME; planet-cred status --json", with: ["PL_API_KEY": "k"])
        #expect(answer.text.contains("_pl_api_key"))
        #expect(answer.end == .exited(0))
    }

    @Test("a profile that cannot be read is told") func unreadable() async throws {
        let practice = try Practice()
        try practice.home.giveToNobody()
        let path = practice.home.absolute(ScratchHome.profilePath("practice"))
        let answer = try await practice.home.shellAsNobody(
            "chmod 000 ~/.planet/practice/auth_client.json; planet-cred token",
            with: ["PL_AUTH_PROFILE": "practice"])
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot read profile 'practice'
                        planet-cred: because: '\(path)': Permission denied
                        planet-cred: try: ls -l \(path)

                        """, status: 78))
    }

    @Test("a login that cannot be read is not called broken") func unreadableLogin() async throws {
        let session = try PersonalSession()
        try session.home.giveToNobody()
        let path = session.home.absolute(ScratchHome.tokenPath("person"))
        let answer = try await session.home.shellAsNobody(
            "chmod 000 ~/.planet/person/token.json; planet-cred token",
            with: ["PL_AUTH_PROFILE": "person"])
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot read '\(path)'
                        planet-cred: because: Permission denied
                        planet-cred: try: ls -l \(path)

                        """, status: 1))
    }

    @Test("a type that needs a person says how to log in") func person() async throws {
        let home = try ScratchHome()
        try home.writeProfile(
            "person",
            [
                "client_type": "oidc_auth_code", "auth_server": "https://as.example.invalid",
                "client_id": "c",
            ])
        let answer = try await home.run("token", "--profile", "person")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: profile 'person' has no good token
                        planet-cred: because: a person must log in
                        planet-cred: try: planet-cred login person

                        """, status: 77))
    }
}
