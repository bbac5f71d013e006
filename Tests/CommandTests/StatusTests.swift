import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("status", .inTurn) struct StatusTests {
    @Test("status shows the profile before there is a token, and asks nobody") func cold()
        async throws
    {
        let practice = try Practice()
        let answer = try await practice.run("status")
        #expect(
            answer
                == Outcome(
                    """
                    profile        practice
                    chosen by      PL_AUTH_PROFILE
                    configured in  \(practice.home.path)/.planet/practice/auth_client.json
                    method         client credentials
                    server         \(practice.server.url)
                    client         m2m
                    hosts          \(practice.authority)
                    credential     none yet

                    """))
        #expect(practice.server.connectionCount == 0)
    }

    @Test("status shows how long a token lasts and where it is kept") func good() async throws {
        let practice = try Practice()
        _ = try await practice.run("token")
        let answer = try await practice.run("status")
        let expiry = try practice.home.tokenExpiry()
        let date = Date(timeIntervalSince1970: Double(expiry)).formatted(.iso8601)
        #expect(answer.text.contains("\ncredential     good until \(date) ("))
        #expect(answer.text.contains(/\((59|60) min\)\n/))
        #expect(
            answer.text.contains(
                "\nkept in        \(practice.home.path)/.planet/practice/token.json\n"))
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("status for programs is JSON with fixed words") func json() async throws {
        let practice = try Practice(changing: ["scopes": ["a"]])
        _ = try await practice.run("token")
        let answer = try await practice.run("status", "--json")
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(answer.output)) as? [String: Any])
        let credential = try #require(object["credential"] as? [String: Any])
        #expect(object["profile"] as? String == "practice")
        #expect(object["chosen_by"] as? String == "PL_AUTH_PROFILE")
        #expect(object["hides"] as? [String] == [])
        #expect(object["client_id"] as? String == "m2m")
        #expect(object["server"] as? String == practice.server.url)
        #expect(object["hosts"] as? [String] == [practice.authority])
        #expect(credential["state"] as? String == "good")
        #expect(credential["scope"] as? String == "a")
        #expect(credential["refresh_token"] as? Bool == false)
        #expect(credential["expires_at"] as? Int == (try practice.home.tokenExpiry()))
    }

    @Test(
        "status names the state of a token",
        arguments: [
            Row("young", 0, "good"), Row("past three quarters", 2800, "ageing"),
            Row("in its last minute", 3590, "spent"), Row("expired", 4000, "spent"),
        ])
    func states(_ row: Row<Int, String>) async throws {
        let practice = try Practice()
        _ = try await practice.run("token")
        try practice.home.ageToken(bySeconds: row.given)
        let answer = try await practice.run("status", "--json")
        #expect(answer.text.contains(#""state": "\#(row.wanted)""#))
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("status says what the choice hides") func hidden() async throws {
        let practice = try Practice()
        try practice.home.write(".planet.json", #"{"key": "PLAK-1"}"#)
        let answer = try await practice.run(
            "status", "--profile", "practice", with: ["PL_API_KEY": "PLAK-2"])
        #expect(answer.text.contains("\nchosen by      --profile\n"))
        #expect(
            answer.text.contains(
                "\nhides          PL_AUTH_PROFILE, PL_API_KEY, the API key in ~/.planet.json\n"))
    }

    @Test("status shows until when nobody asks a server that is down") func backingOff()
        async throws
    {
        let practice = try Practice()
        practice.server.faults = [
            PracticeServer.Fault(.status(503, headers: ["Retry-After": "600"]))
        ]
        _ = try await practice.run("token")
        let answer = try await practice.run("status")
        #expect(answer.text.contains("\nbacking off    until "))
        #expect(answer.text.contains(": the server answers with HTTP status 503\n"))
    }

    @Test("status never shows the token or the secret", arguments: [[], ["--json"], ["-v"]])
    func secrets(_ options: [String]) async throws {
        let practice = try Practice()
        _ = try await practice.run("token")
        let answer = try await practice.command(["status"] + options).run()
        #expect(!answer.description.contains(practice.server.issuedTokens[0]))
        #expect(!answer.description.contains("m2m-secret"))
    }

    @Test("status warns of a profile that others can read") func warning() async throws {
        let practice = try Practice()
        try practice.home.setMode(".planet/practice/auth_client.json", 0o644)
        let path = "\(practice.home.path)/.planet/practice/auth_client.json"
        let answer = try await practice.run("status")
        #expect(
            answer.text.hasSuffix(
                "warning        others can read the secret in '\(path)'; try: chmod 600 \(path)\n"))
    }
}
