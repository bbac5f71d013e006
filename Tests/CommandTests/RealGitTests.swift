import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("The real git", .inTurn) struct RealGitTests {
    /// A repository behind the practice server, and git with our helper and nothing else.
    private struct Hosting {
        let practice: Practice

        init() async throws {
            let home = try ScratchHome()
            let server = try PracticeServer(
                .with { $0.gitProjectRoot = "\(home.root)/repositories" })
            try home.writeProfile(for: server)
            practice = Practice(server: server, home: home)
            try await git(
                """
                git config --global credential.helper planet
                git config --global user.name Practice
                git config --global user.email practice@example.org
                git config --global init.defaultBranch main
                git init -q --bare ../repositories/scenes.git
                git init -q first
                git -C first commit -q --allow-empty -m first
                git -C first push -q ../../repositories/scenes.git main
                """)
        }

        /// Runs a script that must succeed; `$url` is the repository's address.
        @discardableResult func git(_ script: String) async throws -> Outcome {
            let answer = try await attempt("set -e; \(script)")
            #expect(answer.end == .exited(0), "\(answer)")
            return answer
        }

        func attempt(_ script: String) async throws -> Outcome {
            try await practice.home.shell(
                script,
                with: [
                    "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
                    "url": practice.server.gitURL + "/scenes.git",
                ])
        }
    }

    @Test("git clones and pushes with our credential, and says nothing") func cloneAndPush()
        async throws
    {
        let hosting = try await Hosting()
        let answer = try await hosting.git(
            """
            git clone -q $url copy
            git -C copy commit -q --allow-empty -m second
            git -C copy push -q
            git -C ../repositories/scenes.git log --format=%s main
            """)
        #expect(answer == Outcome("second\nfirst\n"))
        #expect(hosting.practice.tokenRequestCount == 1)
    }

    @Test("a revoked token fails one command, and the next one works") func revoked() async throws {
        let hosting = try await Hosting()
        try await hosting.git("git clone -q $url copy")
        hosting.practice.server.revoke(hosting.practice.server.issuedTokens[0])
        let first = try await hosting.attempt("git -C copy fetch -q")
        let second = try await hosting.attempt("git -C copy fetch -q")
        #expect(first.end == .exited(128))
        #expect(second == Outcome())
        #expect(hosting.practice.server.issuedTokens.count == 2)
    }

    @Test("git credential fill shows our answer") func fill() async throws {
        let hosting = try await Hosting()
        let answer = try await hosting.attempt("echo url=$url | git credential fill")
        #expect(
            answer.lines.contains("password=\(hosting.practice.server.issuedTokens[0])"))
        #expect(answer.errors == "")
    }

    @Test("many fetches at once need one token") func parallel() async throws {
        let hosting = try await Hosting()
        try await hosting.git(
            "for i in 1 2 3 4 5 6; do git clone -q $url copy$i & pids=\"$pids $!\"; done; for p in $pids; do wait $p; done"
        )
        #expect(hosting.practice.tokenRequestCount == 1)
    }

    @Test("USE-28: set up for a host, no helper that keeps tokens is asked or told before us")
    func keptTokens() async throws {
        let hosting = try await Hosting()
        let place = "credential.http://\(hosting.practice.authority).helper"
        try await hosting.git(
            """
            git config --global --replace-all credential.helper store
            git config --global --add credential.helper planet
            planet-cred profile check --profile practice >found && exit 1
            grep "git asks its helper 'store'" found
            git config --global \(place) ''
            git config --global --add \(place) planet
            planet-cred profile check --profile practice
            git ls-remote $url
            """)
        hosting.practice.server.revoke(hosting.practice.server.issuedTokens[0])
        _ = try await hosting.attempt("git ls-remote $url")
        try await hosting.git(
            "git ls-remote $url; git ls-remote $url; test ! -e ~/.git-credentials")
        #expect(hosting.practice.tokenRequestCount == 2)
    }

    @Test("an API key clones too") func key() async throws {
        let hosting = try await Hosting()
        try hosting.practice.home.writeProfile(
            "practice",
            [
                "client_type": "static_apikey", "api_key": "practice-api-key",
                "planet_cred": ["hosts": [.string(hosting.practice.authority)]],
            ])
        try await hosting.git("git clone -q $url copy")
        #expect(hosting.practice.tokenRequestCount == 0)
    }

    @Test("exec gives git's children the credential as a header") func exec() async throws {
        let hosting = try await Hosting()
        try await hosting.git(
            """
            git config --global --unset credential.helper
            planet-cred exec --profile practice -- sh -c '
                git -c http.extraHeader="Authorization: $PLANET_CRED_AUTHORIZATION" clone -q $url copy'
            """)
    }
}
