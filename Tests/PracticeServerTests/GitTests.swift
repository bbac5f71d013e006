import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("git", .inTurn) struct GitTests {
    /// A server with one repository, `one.git`, which has one commit.
    private struct Hosting {
        let scratch: ScratchFolder
        let server: PracticeServer
        let token: String

        init() async throws {
            scratch = try ScratchFolder()
            var configuration = PracticeServer.Configuration()
            configuration.gitProjectRoot = scratch.path
            server = try PracticeServer(configuration)
            token = try server.issueToken()
            try await run("init", "--quiet", "--bare", "--initial-branch", "main", "one.git")
            try await run("init", "--quiet", "--initial-branch", "main", "source")
            try await run("-C", "source", "commit", "--quiet", "--allow-empty", "-m", "first")
            try await run("-C", "source", "push", "--quiet", "../one.git", "main")
        }

        /// The address with the token as the password.
        var url: String {
            server.gitURL.replacing("http://", with: "http://user:\(token)@") + "/one.git"
        }

        @discardableResult
        func run(_ arguments: String...) async throws -> Outcome {
            let command = try await attempt(arguments)
            #expect(command.status == 0, "\(arguments): \(command.errors)")
            return command
        }

        /// Runs git without any configuration and without asking anybody.
        func attempt(_ arguments: [String], input: [UInt8] = []) async throws -> Outcome {
            try await Command.run(
                "git", arguments, input: input,
                with: [
                    "HOME": scratch.path, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
                    "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com",
                    "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
                ], in: scratch.path)
        }
    }

    @Test("a token as the password clones and pushes") func cloneAndPush() async throws {
        let git = try await Hosting()
        try await git.run("clone", "--quiet", git.url, "copy")
        try await git.run("-C", "copy", "commit", "--quiet", "--allow-empty", "-m", "second")
        try await git.run("-C", "copy", "push", "--quiet", "origin", "main")
        let log = try await git.run("--git-dir", "one.git", "log", "--format=%s", "main")
        #expect(log.text == "second\nfirst\n")
        #expect(git.server.requests.contains { $0.headers["Git-Protocol"] == "version=2" })
    }

    @Test("a push larger than git's buffer arrives in chunks") func largePush() async throws {
        let git = try await Hosting()
        try await git.run("clone", "--quiet", git.url, "copy")
        var generator = SystemRandomNumberGenerator()
        let noise = (0..<400_000).map { _ in generator.next() }.withUnsafeBytes { Data($0) }
        try noise.write(to: URL(filePath: git.scratch.absolute("copy/noise")))
        try await git.run("-C", "copy", "add", "noise")
        try await git.run("-C", "copy", "commit", "--quiet", "-m", "noise")
        try await git.run("-C", "copy", "push", "--quiet", "origin", "main")
        #expect(git.server.requests.contains { $0.headers["Transfer-Encoding"] == "chunked" })
        try await git.run("clone", "--quiet", git.url, "again")
        #expect(try Data(contentsOf: URL(filePath: git.scratch.absolute("again/noise"))) == noise)
    }

    @Test("a request compressed by git is understood") func compressed() async throws {
        let git = try await Hosting()
        try await git.run("clone", "--quiet", git.url, "copy")
        // Only a long list of newer commits that the server lacks makes git compress its request.
        let header =
            "commit refs/heads/main\ncommitter a <a@example.com> 4000000000 +0000\ndata 0\n"
        let commits = (0..<60).map { header + ($0 == 0 ? "from refs/heads/main^0\n" : "\n") }
        let imported = try await git.attempt(
            ["-C", "copy", "fast-import", "--quiet"], input: Array(commits.joined().utf8))
        #expect(imported.status == 0)
        try await git.run("-C", "source", "commit", "--quiet", "--allow-empty", "-m", "theirs")
        try await git.run("-C", "source", "push", "--quiet", "../one.git", "main")
        try await git.run("-C", "copy", "fetch", "--quiet", "origin")
        #expect(git.server.requests.contains { $0.headers["Content-Encoding"] == "gzip" })
        let subject = try await git.run("-C", "copy", "log", "-1", "--format=%s", "origin/main")
        #expect(subject.text == "theirs\n")
    }

    @Test("a bearer token clones") func bearer() async throws {
        let git = try await Hosting()
        let header = "http.extraHeader=Authorization: Bearer \(git.token)"
        try await git.run("-c", header, "clone", "--quiet", git.server.gitURL + "/one.git", "copy")
        #expect(git.server.requestCount("/git/one.git/info/refs") == 1)
    }

    @Test("a credential helper is asked and told about a refusal") func helper() async throws {
        let git = try await Hosting()
        let script =
            "!f() { echo $1 >>'\(git.scratch.path)/asked'; "
            + "test $1 != get || printf 'username=u\\npassword=\(git.token)\\n'; }; f"
        git.server.revoke(git.token)
        let clone = try await git.attempt([
            "-c", "credential.helper=\(script)", "clone", "--quiet",
            git.server.gitURL + "/one.git", "copy",
        ])
        #expect(clone.status != 0)
        let asked = try git.scratch.read("asked")
        #expect(asked == "get\nerase\n")
    }

    @Test("a refusal offers Basic and Bearer") func challenges() async throws {
        let git = try await Hosting()
        let answer = try await Curl.run(git.server.gitURL + "/one.git/info/refs")
        #expect(answer.status == 401)
        #expect(
            answer.values(of: "WWW-Authenticate")
                == [#"Bearer realm="practice""#, #"Basic realm="practice""#])
    }

    @Test("a repository that does not exist is not found", arguments: ["/two.git", "/../etc", ""])
    func missing(_ path: String) async throws {
        let git = try await Hosting()
        let answer = try await Curl.run(
            "--path-as-is", git.server.gitURL + path + "/info/refs?service=git-upload-pack",
            "--user", "u:\(git.token)")
        #expect((400..<600).contains(answer.status))
    }

    @Test("without repositories there is nothing below /git") func switchedOff() async throws {
        let server = try PracticeServer()
        #expect(try await Curl.run(server.gitURL + "/one.git/info/refs").status == 404)
    }

    @Test("stop ends a hook that hangs") func hangingHook() async throws {
        let git = try await Hosting()
        let script = "#!/bin/sh\ntouch '\(git.scratch.path)/hanging'\nsleep 1000\n"
        // Written by us, it could not be started for as long as a process that another test is just
        // starting has it open.
        _ = try await Command.run(
            "sh", ["-c", "cat >pre-receive && chmod 755 pre-receive"], input: Array(script.utf8),
            in: git.scratch.path + "/one.git/hooks")
        try await git.run("-C", "source", "commit", "--quiet", "--allow-empty", "-m", "second")
        async let push = git.attempt(["-C", "source", "push", "--quiet", git.url, "main"])
        try await Condition.wait(for: "the hook") {
            git.scratch.exists("hanging")
        }
        git.server.stop()
        #expect(try await push.status != 0)
    }
}
