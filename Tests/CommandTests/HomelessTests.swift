import Glibc
import PracticeServer
import TestSupport
import Testing
import Workbench

/// Users without a home directory, as in a container that runs as any user.
@Suite(
    "Users without a home", .inTurn,
    .enabled(if: geteuid() == 0, "only root can become a user that nobody knows"))
struct HomelessTests {
    /// Runs a script as a user who is in no list, without `HOME`.
    private func run(
        _ script: String, in home: ScratchHome, input: String = "",
        with variables: [String: String] = [:]
    ) async throws -> Outcome {
        _ = try await home.shell("chmod 711 $(dirname ~) ~ ../bin ../work; chmod 777 $TMPDIR")
        return try await home.command(
            "setpriv",
            [
                "--reuid=54321", "--regid=54321", "--clear-groups", "env", "-u", "HOME", "-u",
                "XDG_RUNTIME_DIR", "bash", "-c", script,
            ], input: input, with: variables
        ).run()
    }

    @Test("USE-12: an API key of the environment is printed") func key() async throws {
        let answer = try await run(
            "planet-cred token", in: ScratchHome(), with: ["PL_API_KEY": "k"])
        #expect(answer == Outcome("k\n"))
    }

    @Test("USE-12: git gets nothing for a host that no profile names, in silence")
    func foreign() async throws {
        let answer = try await run(
            "planet-cred get", in: ScratchHome(), input: "protocol=https\nhost=a.example\n")
        #expect(answer == Outcome())
    }

    @Test("USE-12: git gets the key of the environment for Planet's hosts") func git() async throws
    {
        let answer = try await run(
            "planet-cred get", in: ScratchHome(),
            input: "protocol=https\nhost=api.planet.com\n", with: ["PL_API_KEY": "k"])
        #expect(answer == Outcome("username=k\npassword=\n"))
    }

    @Test("USE-12: the token of a service account is kept where one is kept that no home takes")
    func serviceAccount() async throws {
        let practice = try Practice()
        _ = try await practice.home.shell(
            "cp ~/.planet/practice/auth_client.json $TMPDIR/my.json; chmod 644 $TMPDIR/my.json")
        let answer = try await run(
            """
            planet-cred --profile-file $TMPDIR/my.json token
            planet-cred --profile-file $TMPDIR/my.json token
            """, in: practice.home)
        let token = practice.server.issuedTokens[0]
        #expect(answer.text == "\(token)\n\(token)\n")
        #expect(answer.end == .exited(0))
        #expect(practice.tokenRequestCount == 1)
        #expect(answer.errors.split(separator: "\n").count == 1, "\(answer.errors)")
        #expect(answer.errors.contains("/tmp/planet-cred-54321/"))
    }

    @Test("USE-12: a login is not begun, and the reason is named") func login() async throws {
        let answer = try await run("planet-cred login planet-user --no-open", in: ScratchHome())
        #expect(answer.output == [])
        #expect(answer.end != .exited(0))
        #expect(answer.errors.contains("no home directory"), "\(answer)")
    }

    @Test("USE-12: a profile that is named cannot be there, and the reason is named")
    func profile() async throws {
        let answer = try await run("planet-cred token --profile farm", in: ScratchHome())
        #expect(answer.end == .exited(78))
        #expect(answer.errors.contains("no home directory"))
        #expect(answer.errors.contains("user 54321"))
        #expect(answer.errors.contains("try: export HOME="))
    }
}
