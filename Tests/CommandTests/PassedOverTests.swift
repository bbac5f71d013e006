import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("A choice of a profile that comes to nothing", .inTurn) struct PassedOverTests {
    @Test(
        "half a service account is told where something else is chosen instead",
        arguments: [
            Row(
                "no secret", ["PL_AUTH_CLIENT_ID": "abc", "PL_AUTH_CLIENT_SECRET": ""],
                "warning: PL_AUTH_CLIENT_ID is set, PL_AUTH_CLIENT_SECRET is not"),
            Row(
                "no id, and a key", ["PL_AUTH_CLIENT_SECRET": "s", "PL_API_KEY": "k"],
                "warning: PL_AUTH_CLIENT_SECRET is set, PL_AUTH_CLIENT_ID is not"),
        ])
    func half(_ row: Row<[String: String], String>) async throws {
        let answer = try await ScratchHome().run("token", with: row.given)
        #expect(answer.errorParts.first == row.wanted)
    }

    @Test(
        "half a service account beside a profile that is named is nobody's business",
        arguments: [
            Row("an option", ["--profile", "farm"], [:]),
            Row("a variable", [], ["PL_AUTH_PROFILE": "farm"]),
        ] as [Row<[String], [String: String]>])
    func named(_ row: Row<[String], [String: String]>) async throws {
        let home = try ScratchHome()
        try home.writeProfile("farm", ["client_type": "static_apikey", "api_key": "farm"])
        let answer = try await home.planetCred(
            ["token"] + row.given,
            with: row.wanted.merging(["PL_AUTH_CLIENT_ID": "abc"]) { $1 }
        ).run()
        #expect(answer == Outcome("farm\n"))
    }

    @Test("with --no-save the half is the reason") func noSave() async throws {
        let answer = try await ScratchHome().run(
            "token", "--no-save", with: ["PL_AUTH_CLIENT_ID": "abc"])
        #expect(
            answer.errorParts[1] == """
                because: PL_AUTH_CLIENT_ID is set, PL_AUTH_CLIENT_SECRET is not; \
                the home folder is not read, and nothing else names a profile
                """)
        #expect(answer.end == .exited(2))
    }

    @Test(
        "what does not count in ~/.planet.json is told",
        arguments: [
            Row(
                "a number", #"{"PL_AUTH_PROFILE": 5, "key": "k"}"#,
                "'PL_AUTH_PROFILE' in 'PATH' is not a string"),
            Row(
                "half a service account", #"{"PL_AUTH_CLIENT_ID": "abc", "key": "k"}"#,
                "in 'PATH' PL_AUTH_CLIENT_ID is set, PL_AUTH_CLIENT_SECRET is not"),
        ])
    func settings(_ row: Row<String, String>) async throws {
        let home = try ScratchHome()
        try home.write(".planet.json", row.given)
        let answer = try await home.run("token")
        let words = row.wanted.replacing("PATH", with: home.absolute(".planet.json"))
        #expect(answer == Outcome("k\n", errors: "planet-cred: warning: \(words)\n"))
    }

    @Test("null and nothing in ~/.planet.json choose nothing, and are no mistake") func empty()
        async throws
    {
        let home = try ScratchHome()
        try home.write(".planet.json", #"{"PL_AUTH_PROFILE": null, "PL_API_KEY": "", "key": "k"}"#)
        #expect(try await home.run("token") == Outcome("k\n"))
    }
}
