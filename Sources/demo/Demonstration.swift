import Foundation
import PracticeServer
import Workbench

/// The main job from a profile to twenty processes, with the real git and curl.
struct Demonstration {
    private let shell: ShownShell
    private let server: PracticeServer
    /// What `planet-cred token` is to print now.
    private var token: String { server.issuedTokens.last ?? "(none was issued)" }
    private var tokenRequestCount: Int { server.requestCount("/token") }

    /// Makes a home with one profile, and starts a server with one repository.
    init(_ cleanUp: CleanUp) throws {
        for program in ["git", "curl"] where SearchPath.find(program) == nil {
            throw Problem("the program '\(program)' is needed; try: apt-get install \(program)")
        }
        let home = try ScratchHome(BuiltProgram(), removedBy: cleanUp)
        let repositories = try ScratchFolder()
        cleanUp.add { repositories.remove() }
        var configuration = PracticeServer.Configuration()
        configuration.gitProjectRoot = repositories.path
        let server = try PracticeServer(configuration)
        cleanUp.add { server.stop() }
        let profile = PracticeProfile(
            tokenEndpoint: server.tokenEndpoint, host: "127.0.0.1:\(server.port)")
        try home.writeProfile("practice", profile.text)
        try home.writeProfile(
            "alice",
            """
            {
              "client_type": "oidc_auth_code",
              "auth_server": "\(server.issuer)",
              "client_id": "pub",
              "scopes": ["openid", "offline_access"],
              "planet_cred": { "hosts": ["127.0.0.1:\(server.port)"] }
            }

            """)
        self.server = server
        shell = ShownShell(home, server, profile: "practice")
        try makeRepository(repositories.absolute("scenes.git"))
    }

    /// Fails with the first step that does not do what it says.
    func run() throws {
        shell.write("planet-cred with a practice server on \(server.url) and a scratch home\n")
        try profile()
        try tokens()
        try programs()
        try git()
        try revokedToken()
        try manyProcesses()
        try person()
        shell.say("Every step did what it says. The server stops, the home is removed.")
    }

    private func profile() throws {
        shell.say("A profile says which server, which client, and where its tokens may go.")
        try shell.run("cat ~/.planet/practice/auth_client.json", expected: "the profile") {
            $0.status == 0 && $0.text.contains(server.tokenEndpoint)
        }
        shell.say("Nobody has asked for a token yet.")
        try shell.run("planet-cred status", expected: "the profile, without a credential") {
            $0.status == 0 && $0.text.contains("none yet") && tokenRequestCount == 0
        }
    }

    private func tokens() throws {
        shell.say("The first call asks the server, the next ones read the cache.")
        try shell.run("planet-cred token", expected: "the token that the server issued") {
            $0.says(token) && tokenRequestCount == 1
        }
        try shell.run("planet-cred token", expected: "the same token without a request") {
            $0.says(token) && tokenRequestCount == 1
        }
    }

    private func programs() throws {
        shell.say("curl reads the header from its standard input: no secret shows up in 'ps'.")
        try shell.run(
            "planet-cred header | curl -sS -H @- \(server.resource)",
            expected: "the protected resource", showsResource)
        shell.say("A job finds the credential in its environment.")
        try shell.run(
            """
            planet-cred exec -- sh -c \\
                'echo "Authorization: $PLANET_CRED_AUTHORIZATION" |
                 curl -sS -H @- \(server.resource)'
            """, expected: "the protected resource", showsResource)
    }

    private func showsResource(_ seen: ShownShell.Seen) -> Bool {
        seen.status == 0 && seen.text.contains(#""scheme":"Bearer""#) && tokenRequestCount == 1
    }

    private func git() throws {
        shell.say("git asks planet-cred once it is told so.")
        try shell.run(
            "git config --global credential.helper planet", expected: "nothing", \.saysNothing)
        try shell.run(
            "git clone --quiet \(server.gitURL)/scenes.git", expected: "nothing", \.saysNothing)
        try shell.run("cat scenes/README", expected: "the file in the repository") {
            $0.says("The first scene.")
        }
        try shell.run(
            "git -C scenes commit --quiet --allow-empty -m 'Add a scene'", expected: "nothing",
            \.saysNothing)
        try shell.run("git -C scenes push --quiet", expected: "nothing", \.saysNothing)
        try shell.run(
            "git ls-remote -q --heads \(server.gitURL)/scenes.git",
            expected: "the new commit on the server"
        ) { seen in
            guard let commit = try? shell.runUnseen("git -C scenes rev-parse HEAD") else {
                return false
            }
            return seen.status == 0 && commit.status == 0
                && seen.text.hasPrefix(commit.text.dropLast())
        }
    }

    private func revokedToken() throws {
        shell.say("The server revokes the token. git fails and tells planet-cred, which drops")
        shell.note("it, so the next command works; git 2.46 and later recover at once.")
        let revoked = token
        server.revoke(revoked)
        let first = try shell.run(
            "git -C scenes fetch --quiet", expected: "a refusal, or nothing from git 2.46 on"
        ) { $0.saysNothing || $0.status == 128 && $0.text.contains("Authentication failed") }
        if !first.saysNothing {
            try shell.run("git -C scenes fetch --quiet", expected: "nothing", \.saysNothing)
        }
        try shell.run("planet-cred token", expected: "a token that the server takes") {
            $0.says(token) && token != revoked && server.accepts(token) && tokenRequestCount == 2
        }
    }

    private func manyProcesses() throws {
        shell.say("Twenty processes at once, and no token: one of them asks the server.")
        try shell.run("rm ~/.planet/practice/token.json", expected: "nothing", \.saysNothing)
        try shell.run(
            "for i in $(seq 20); do planet-cred token & done | sort | uniq -c",
            expected: "twenty times the same new token from one request"
        ) { seen in
            seen.status == 0
                && seen.text.split(separator: " ").joined(separator: " ")
                    == "20 \(token)\n"
                && server.issuedTokens.count == 3 && tokenRequestCount == 3
        }
        shell.note("The server's log: 1 token request for all twenty, 3 since it was started.")
    }

    private func person() throws {
        shell.say("A person logs in once, in a browser; here curl plays both. The token renews")
        shell.note("itself from then on, and logout has the server revoke it.")
        try shell.run(
            "BROWSER='curl -sLo /dev/null' planet-cred login alice", expected: "who is logged in"
        ) { seen in
            seen.status == 0
                && seen.text.contains("logged in with profile 'alice' as alice@example.com")
        }
        try shell.run("planet-cred token --profile alice", expected: "the token of the login") {
            $0.says(token) && server.accepts(token)
        }
        let kept = token
        try shell.run("planet-cred logout alice", expected: "a word about it") { seen in
            seen.status == 0 && !server.accepts(kept)
        }
    }

    private func makeRepository(_ path: String) throws {
        let made = try shell.runUnseen(
            """
            set -e
            git config --global init.defaultBranch main
            git config --global user.name 'Demo'
            git config --global user.email 'demo@example.com'
            git init --quiet --bare '\(path)'
            git init --quiet first && cd first
            echo 'The first scene.' >README
            git add README
            git commit --quiet -m 'Add the first scene'
            git push --quiet '\(path)' main
            cd .. && rm -r first
            """)
        guard made.status == 0 else { throw Problem("cannot make a repository: \(made.text)") }
    }
}
