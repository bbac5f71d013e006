import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("The choice of a profile", .inTurn) struct ProfileSelectionTests {
    private static func keyProfile(_ key: String) -> PracticeServer.JSON {
        ["client_type": "static_apikey", "api_key": .string(key)]
    }

    /// A home in which everything that can choose a profile chooses another key.
    private func crowdedHome() throws -> ScratchHome {
        let home = try ScratchHome()
        for name in ["option", "variable", "settings"] {
            try home.writeProfile(name, Self.keyProfile(name))
        }
        try home.write(
            "file.json", String(decoding: Self.keyProfile("file").encoded, as: UTF8.self))
        return home
    }

    @Test(
        "what chooses a profile is asked in a fixed order",
        arguments: [
            Row(
                "--profile", ["option": "1", "variable": "1", "key": "1", "settings": "1"], "option"
            ),
            Row("PL_AUTH_PROFILE", ["variable": "1", "key": "1", "settings": "1"], "variable"),
            Row("PL_API_KEY", ["key": "1", "settings": "1"], "PLAK-variable"),
            Row("~/.planet.json", ["settings": "1"], "settings"),
        ])
    func order(_ row: Row<[String: String], String>) async throws {
        let home = try crowdedHome()
        try home.write(
            ".planet.json", #"{"PL_AUTH_PROFILE": "settings", "PL_API_KEY": "PLAK-settings"}"#)
        var variables: [String: String] = [:]
        variables["PL_AUTH_PROFILE"] = row.given["variable"].map { _ in "variable" }
        variables["PL_API_KEY"] = row.given["key"].map { _ in "PLAK-variable" }
        let options = row.given["option"].map { _ in ["--profile", "option"] } ?? []
        let answer = try await home.planetCred(["token"] + options, with: variables).run()
        #expect(answer == Outcome(row.wanted + "\n"))
    }

    @Test(
        "status says what won",
        arguments: [
            Row(
                "a service account before a key",
                ["PL_AUTH_CLIENT_ID": "a", "PL_AUTH_CLIENT_SECRET": "s", "PL_API_KEY": "k"],
                ["PL_AUTH_CLIENT_ID and PL_AUTH_CLIENT_SECRET", "planet-m2m-a"]),
            Row(
                "half a service account does not count",
                ["PL_AUTH_CLIENT_ID": "a", "PL_API_KEY": "k"], ["PL_API_KEY", "_pl_api_key"]),
            Row(
                "empty variables do not count",
                ["PL_AUTH_PROFILE": "", "PL_API_KEY": "", "PLANET_CRED_PROFILE_FILE": ""],
                ["the built-in default", "planet-user"]),
            Row("nothing is set", [:], ["the built-in default", "planet-user"]),
        ])
    func winner(_ row: Row<[String: String], [String]>) async throws {
        let answer = try await ScratchHome().planetCred(["status"], with: row.given).run()
        #expect(answer.text.contains("profile     \(row.wanted[1])\n"))
        #expect(answer.text.contains("chosen by   \(row.wanted[0])\n"))
    }

    @Test(
        "~/.planet.json is read in the order of Planet's tools",
        arguments: [
            Row(
                "a profile",
                #"{"PL_AUTH_PROFILE": "settings", "PL_AUTH_CLIENT_ID": "a", "PL_AUTH_CLIENT_SECRET": "s", "PL_API_KEY": "k"}"#,
                ["settings", "PL_AUTH_PROFILE in ~/.planet.json"]),
            Row(
                "a service account",
                #"{"PL_AUTH_CLIENT_ID": "a", "PL_AUTH_CLIENT_SECRET": "s", "PL_API_KEY": "k"}"#,
                ["planet-m2m-a", "PL_AUTH_CLIENT_ID and PL_AUTH_CLIENT_SECRET in ~/.planet.json"]),
            Row(
                "a key", #"{"PL_API_KEY": "k", "key": "l"}"#,
                ["_pl_api_key", "the API key in ~/.planet.json"]),
            Row(
                "the key of version 2 of Planet's SDK", #"{"key": "PLAK-sample"}"#,
                ["_pl_api_key", "the API key in ~/.planet.json"]),
            Row("broken", #"{"key": "PLAK-sa"#, ["planet-user", "the built-in default"]),
            Row("not an object", "[1]", ["planet-user", "the built-in default"]),
            Row(
                "values of other types", #"{"PL_API_KEY": 5, "key": ""}"#,
                ["planet-user", "the built-in default"]),
        ])
    func settings(_ row: Row<String, [String]>) async throws {
        let home = try crowdedHome()
        try home.write(".planet.json", row.given)
        let answer = try await home.run("status", "--json")
        #expect(answer.text.contains(#""profile": "\#(row.wanted[0])""#))
        #expect(answer.text.contains(#""chosen_by": "\#(row.wanted[1])""#))
    }

    @Test("the keys of ~/.planet.json are printed", arguments: ["PL_API_KEY", "key"])
    func settingsKey(_ name: String) async throws {
        let home = try ScratchHome()
        try home.write(".planet.json", #"{"\#(name)": "PLAK-sample"}"#)
        #expect(try await home.run("token") == Outcome("PLAK-sample\n"))
    }

    @Test("a service account in the variables asks the realm of Sentinel Hub")
    func environmentClient() async throws {
        let home = try ScratchHome()
        // No test leaves this machine, so another program stands in for curl.
        try await home.writeProgram(
            "stand-in",
            """
            #!/bin/sh
            cat >>"$HOME/requests"
            printf 'HTTP/1.1 200 OK\\r\\n\\r\\n'
            printf '{"access_token": "stand-in", "token_type": "Bearer", "expires_in": 3600}'
            """)
        let variables = [
            "PL_AUTH_CLIENT_ID": "Account-1", "PL_AUTH_CLIENT_SECRET": "s&t",
            "PLANET_CRED_CURL": "\(home.root)/bin/stand-in",
        ]
        #expect(try await home.run("token", with: variables) == Outcome("stand-in\n"))
        let requests = try home.read("requests")
        #expect(
            requests.contains(
                #"url = "https://services.sentinel-hub.com/auth/realms/main/protocol/openid-connect/token""#
            ))
        #expect(
            requests.contains(
                #"data-raw = "grant_type=client_credentials&audience=https%3A%2F%2Fapi.planet.com%2F&client_id=Account-1&client_secret=s%26t""#
            ))
        #expect(home.exists(".planet/planet-m2m-account-1/token.json"))
    }

    @Test("a named profile that is missing is an error, never another profile") func missing()
        async throws
    {
        let home = try crowdedHome()
        let answer = try await home.run(
            "token", "--profile", "variabel", with: ["PL_AUTH_PROFILE": "option"])
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: there is no profile 'variabel'
                        planet-cred: because: '\(home.path)/.planet/variabel/auth_client.json' does not exist (chosen by --profile)
                        planet-cred: try: planet-cred --profile variable status

                        """, status: 78))
    }

    @Test("a profile that the environment names and is missing is an error") func missingVariable()
        async throws
    {
        let answer = try await crowdedHome().planetCred(
            ["token"], with: ["PL_AUTH_PROFILE": "nowhere", "PL_API_KEY": "k"]
        ).run()
        #expect(answer.errorParts[0] == "error: there is no profile 'nowhere'")
        #expect(answer.errorParts[1].hasSuffix("(chosen by PL_AUTH_PROFILE)"))
        #expect(answer.errorParts[2] == "try: ls ~/.planet")
        #expect(answer.end == .exited(78))
    }

    @Test("where there is no profile at all, the page is named that tells how to write one")
    func noProfiles() async throws {
        let answer = try await ScratchHome().run("token", "--profile", "farm")
        #expect(answer.errorParts.last == "try: man planet-cred-profile")
        #expect(answer.end == .exited(78))
    }

    @Test("a name in mixed case means the folder in lower case", arguments: ["Option", "OPTION"])
    func mixedCase(_ name: String) async throws {
        #expect(
            try await crowdedHome().planetCred(["token", "--profile", name]).run()
                == Outcome("option\n"))
    }

    @Test("a folder in mixed case is shown to whoever wants its profile") func folderInCapitals()
        async throws
    {
        let home = try ScratchHome()
        try home.writeProfile("Big", Self.keyProfile("big"))
        let answer = try await home.run("token", "--profile", "Big")
        let folder = "\(home.path)/.planet"
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: there is no profile 'big'
                        planet-cred: because: '\(folder)/big/auth_client.json' does not exist (chosen by --profile); names are in lower case, and the folder 'Big' is not
                        planet-cred: try: mv \(folder)/Big \(folder)/big

                        """, status: 78))
    }

    @Test(
        "a name that leads out of the folder of profiles is refused",
        arguments: [
            "../x", "/x", ".x", "", "a/b", "..", ".", "a\nb", String(repeating: "a", count: 300),
        ])
    func badNames(_ name: String) async throws {
        let home = try crowdedHome()
        try home.write("x/auth_client.json", #"{"client_type": "static_apikey", "api_key": "k"}"#)
        let answer = try await home.run("token", "--profile", name, with: ["PL_API_KEY": "k"])
        #expect(answer.output == [])
        #expect(answer.errorParts[0].hasSuffix("' cannot name a profile"))
        #expect(
            answer.errorParts[1] == """
                because: a name has 1 to 200 bytes, no '/' and no control character, and does not \
                start with a dot
                """)
        #expect(answer.end == .exited(78))
    }

    @Test("a bad name in the environment is refused") func badVariable() async throws {
        let answer = try await ScratchHome().planetCred(
            ["token"], with: ["PL_AUTH_PROFILE": "../x"]
        ).run()
        #expect(answer.errorParts[0] == "error: '../x' cannot name a profile")
        #expect(answer.end == .exited(78))
    }

    @Test("a service account whose id leads out of the folder is refused") func badClient()
        async throws
    {
        let answer = try await ScratchHome().planetCred(
            ["token"], with: ["PL_AUTH_CLIENT_ID": "../../x", "PL_AUTH_CLIENT_SECRET": "s"]
        ).run()
        #expect(answer.errorParts[0] == "error: 'planet-m2m-../../x' cannot name a profile")
        #expect(answer.end == .exited(78))
    }
}
