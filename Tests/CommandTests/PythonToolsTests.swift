import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

/// Planet's own Python library, as a second reader and writer of the same files. Needs a Python
/// with `planet-auth`, which the variable names.
@Suite(
    "Planet's Python library", .inTurn,
    .enabled(
        if: ProcessInfo.processInfo.environment["PLANET_CRED_TEST_PYTHON"] != nil,
        "PLANET_CRED_TEST_PYTHON names no Python with planet-auth"))
struct PythonToolsTests {
    /// Prints token and expiry as the library's authenticator would use them, after a login where
    /// `login` is asked for.
    private func library(
        _ home: ScratchHome, _ profile: String = "practice", _ words: String...
    ) async throws -> [String] {
        let program = """
            import sys, planet_auth_utils
            context = planet_auth_utils.PlanetAuthFactory.initialize_auth_client_context(
                auth_profile_opt=sys.argv[1])
            if "login" in sys.argv: context.login()
            authenticator = context.request_authenticator()
            authenticator.pre_request_hook()
            print(authenticator._token_body)
            print(authenticator._credential.expiry_time())
            """
        let python = ProcessInfo.processInfo.environment["PLANET_CRED_TEST_PYTHON"] ?? "python3"
        // The plainest locale that there is: our files must not depend on it.
        let locale = ["LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"]
        let outcome = try await home.command(
            python, ["-c", program, profile] + words, with: locale
        ).run()
        #expect(outcome.end == .exited(0), "\(outcome)")
        return outcome.lines
    }

    @Test(
        "uses a token of ours with the same expiry and without a request",
        arguments: [PracticeServer.TokenFormat.opaque, .jwt])
    func readsOurs(_ format: PracticeServer.TokenFormat) async throws {
        let practice = try Practice(.with { $0.tokenFormat = format })
        let token = try await practice.run("token").line
        let expiry = try #require(practice.home.token()["_exp"] as? Int)
        #expect(try await library(practice.home) == [token, "\(expiry)"])
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("reads text that is not ASCII, in every locale")
    func readsText() async throws {
        let practice = try Practice()
        let answer = OddAnswer.first("a name", #""name":"Zoë 日本 😀""#)
        practice.server.faults = [
            PracticeServer.Fault(.transformed(answer.change), path: "/token", times: 1)
        ]
        let token = try await practice.run("token").line
        #expect(practice.home.tokenText("practice")?.contains("Zoë 日本 😀") == true)
        #expect(try await library(practice.home).first == token)
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("leaves a token that we use with the same expiry and without a request")
    func leavesTheirs() async throws {
        let practice = try Practice()
        let theirs = try await library(practice.home, "practice", "login")
        let ours = try await practice.run("token", "--format", "json")
        let members = try JSONSerialization.jsonObject(with: Data(ours.output)) as? [String: Any]
        #expect(members?["access_token"] as? String == theirs.first)
        #expect((members?["expires_at"] as? Int).map(String.init) == theirs.last)
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("replaces a token of ours, and we use the new one") func replacesOurs() async throws {
        let practice = try Practice()
        let first = try await practice.run("token").line
        let second = try await library(practice.home, "practice", "login").first
        #expect(second != first)
        #expect(try await practice.run("token").line == second)
        #expect(practice.tokenRequestCount == 2)
    }

    @Test("renews a login that a person made here, and we renew it after that") func person()
        async throws
    {
        let stage = try LoginStage(type: "oidc_device_code")
        #expect(try await stage.login().outcome().end == .exited(0))
        let first = try await stage.run("token").line
        try stage.home.ageToken("person", bySeconds: 3600)
        let theirs = try await library(stage.home, "person").first
        #expect(theirs != first)
        #expect(try await stage.run("token").line == theirs)
        try stage.home.ageToken("person", bySeconds: 3600)
        let ours = try await stage.run("token").line
        #expect(![first, theirs].contains(ours))
        #expect(try await library(stage.home, "person").first == ours)
        #expect(
            stage.tokenRequests.map { $0.field("grant_type") }.suffix(2) == [
                "refresh_token", "refresh_token",
            ])
    }

    /// What Planet's library uses in a job: a class, and the identity as it would be sent.
    private static let identity = """
        import planet_auth_utils
        context = planet_auth_utils.PlanetAuthFactory.initialize_auth_client_context()
        client = context.auth_client()
        config = client._auth_client_config
        print(context.profile_name(), getattr(client, "_api_key", None) or config.lazy_get("client_id") or config.lazy_get("api_key"))
        """

    struct Job: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// What `~/.planet.json` says.
        let settings: String
        var variables: [String: String] = [:]
        var options: [String] = []
        /// The identity that the library finds.
        let found: String
        /// What the warning says of it; `nil` if it is the one that `exec` chose.
        var warning: String?
    }

    @Test(
        "USE-18: finds what exec has chosen, or a warning names what it finds instead",
        arguments: [
            Job(
                testDescription: "a name, and another one in the file",
                settings: #"{"PL_AUTH_PROFILE": "other"}"#, options: ["--profile", "practice"],
                found: "practice m2m"),
            Job(
                testDescription: "a name, and a key and a client in the environment",
                settings: #"{"key": "PLAK-file"}"#,
                variables: [
                    "PL_API_KEY": "PLAK-job", "PL_AUTH_CLIENT_ID": "x",
                    "PL_AUTH_CLIENT_SECRET": "y",
                ], options: ["--profile", "practice"], found: "practice m2m"),
            Job(
                testDescription: "the name in the file, and a key there",
                settings: #"{"PL_AUTH_PROFILE": "practice", "PL_API_KEY": "PLAK-file"}"#,
                found: "practice m2m"),
            Job(
                testDescription: "a key in the environment", settings: "{}",
                variables: ["PL_API_KEY": "PLAK-job"], found: "PLAK-job"),
            Job(
                testDescription: "a key in the environment, and another one in the file",
                settings: #"{"key": "PLAK-file"}"#, variables: ["PL_API_KEY": "PLAK-job"],
                found: "PLAK-job"),
            Job(
                testDescription: "a key in the environment, and a name in the file",
                settings: #"{"PL_AUTH_PROFILE": "other"}"#, variables: ["PL_API_KEY": "PLAK-job"],
                found: "other other-id", warning: "PL_AUTH_PROFILE in ~/.planet.json"),
            Job(
                testDescription: "a secret that the library cannot read, and a key in the file",
                settings: #"{"key": "PLAK-file"}"#, options: ["--profile", "elsewhere"],
                found: "PLAK-file", warning: "the API key in ~/.planet.json"),
        ])
    func identity(_ job: Job) async throws {
        let practice = try Practice()
        let home = practice.home
        try home.write(".planet.json", job.settings)
        try home.writeProfile(
            "other",
            [
                "client_type": "oidc_client_credentials_secret", "client_id": "other-id",
                "client_secret": "s", "auth_server": .string(practice.server.issuer),
            ])
        try home.writeProfile(
            "elsewhere",
            [
                "client_type": "oidc_client_credentials_secret", "client_id": "m2m",
                "auth_server": .string(practice.server.issuer),
                "planet_cred": ["client_secret_command": "echo m2m-secret"],
            ])
        let python = ProcessInfo.processInfo.environment["PLANET_CRED_TEST_PYTHON"] ?? "python3"
        let outcome = try await home.planetCred(
            ["exec"] + job.options + ["--", python, "-c", Self.identity], with: job.variables
        ).run()
        #expect(outcome.end == .exited(0), "\(outcome)")
        #expect(outcome.text.contains(job.found), "\(outcome)")
        let warning = "in this command they will use "
        #expect(outcome.errors.contains(warning) == (job.warning != nil), "\(outcome)")
        if let named = job.warning { #expect(outcome.errors.contains(warning + named)) }
    }

    private static let others = [
        "PL_AUTH_CLIENT_ID": "other-id", "PL_AUTH_CLIENT_SECRET": "other-secret",
        "PL_API_KEY": "other-key",
    ]

    @Test(
        "finds the chosen profile in a job, or none, and never one of the environment",
        arguments: [
            Row("a name", ["--profile", "practice"], "practice m2m"),
            Row("a file", ["--profile-file", "../home/my.json"], "planet-user"),
            Row("an API key in a file", ["--profile-file", "../home/key.json"], "PLAK-job"),
        ])
    func job(_ row: Row<[String], String>) async throws {
        let practice = try Practice()
        try practice.home.write("my.json", practice.home.read(ScratchHome.profilePath("practice")))
        try practice.home.write(
            "key.json", #"{"client_type": "static_apikey", "api_key": "PLAK-job"}"#)
        let python = ProcessInfo.processInfo.environment["PLANET_CRED_TEST_PYTHON"] ?? "python3"
        for profile in [[:], ["PL_AUTH_PROFILE": "other"]] as [[String: String]] {
            let outcome = try await practice.home.planetCred(
                ["exec"] + row.given + ["--", python, "-c", Self.identity],
                with: Self.others.merging(profile) { $1 }
            ).run()
            #expect(outcome.end == .exited(0), "\(outcome)")
            #expect(outcome.text.contains(row.wanted), "\(outcome)")
            #expect(!outcome.text.contains("other"))
        }
    }
}
