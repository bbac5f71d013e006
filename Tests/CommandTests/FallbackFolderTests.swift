import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Homes that take no token", .inTurn) struct FallbackFolderTests {
    private static let asPractice = ["PL_AUTH_PROFILE": "practice"]

    @Test("an unwritable home is told once, and the token is kept elsewhere") func unwritable()
        async throws
    {
        let practice = try Practice()
        let home = practice.home
        try home.setMode(".planet/practice", 0o500)
        try home.setMode(".planet", 0o500)
        try home.setMode(home.path, 0o500)
        try home.giveToNobody()
        let first = try await home.shellAsNobody("planet-cred token", with: Self.asPractice)
        let second = try await home.shellAsNobody("planet-cred token", with: Self.asPractice)
        let token = practice.server.issuedTokens[0]
        #expect(first.text == "\(token)\n")
        #expect(
            first.errors.hasPrefix(
                "planet-cred: warning: '\(home.path)/.planet/practice' cannot be written; the token is kept in '\(home.root)/run/planet-cred/practice-"
            ))
        #expect(first.errors.split(separator: "\n").count == 1)
        #expect(second == Outcome("\(token)\n"))
        #expect(practice.tokenRequestCount == 1)
        #expect(try home.mode("\(home.root)/run/planet-cred") == 0o700)
    }

    @Test("without a runtime folder the token is kept in a folder of our own below TMPDIR")
    func temporaryFolder() async throws {
        let practice = try Practice()
        let home = practice.home
        try home.setMode(".planet/practice", 0o500)
        try home.giveToNobody()
        let answer = try await home.shellAsNobody(
            "unset XDG_RUNTIME_DIR; planet-cred token; planet-cred token; ls -ld $TMPDIR/planet-cred-* | cut -c1-10",
            with: Self.asPractice)
        let token = practice.server.issuedTokens[0]
        #expect(answer.text == "\(token)\n\(token)\ndrwx------\n")
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("a relative folder, another one for each working folder, is not used") func relative()
        async throws
    {
        let practice = try Practice()
        let home = practice.home
        try home.setMode(".planet/practice", 0o500)
        try home.giveToNobody()
        let answer = try await home.shellAsNobody(
            """
            export XDG_RUNTIME_DIR=run
            mkdir $TMPDIR/one $TMPDIR/two
            cd $TMPDIR/one && planet-cred token
            cd $TMPDIR/two && planet-cred token
            find $TMPDIR/one $TMPDIR/two -type f
            """, with: Self.asPractice)
        let token = practice.server.issuedTokens[0]
        #expect(answer.text == "\(token)\n\(token)\n")
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("a folder below TMPDIR that others prepared is not used") func preparedFolder()
        async throws
    {
        let practice = try Practice()
        let home = practice.home
        try home.setMode(".planet/practice", 0o500)
        try home.giveToNobody()
        let answer = try await home.shellAsNobody(
            """
            unset XDG_RUNTIME_DIR
            mkdir -m 0777 $TMPDIR/planet-cred-$(id -u)
            planet-cred token
            find $TMPDIR -type f
            """, with: Self.asPractice)
        #expect(answer.text == practice.server.issuedTokens[0] + "\n")
        #expect(answer.errors.hasPrefix("planet-cred: warning: no token is kept: "))
    }

    @Test("a token refused while the home cannot be written stays refused") func refused()
        async throws
    {
        let practice = try Practice()
        let first = try await practice.run("token").line
        try practice.home.setMode(".planet/practice", 0o500)
        try practice.home.giveToNobody()
        let answer = try await practice.home.shellAsNobody(
            """
            exec 2>/dev/null
            planet-cred token --rejected
            planet-cred token
            printf 'protocol=http\nhost=\(practice.authority)\npassword=%s\n' \
                $(planet-cred token) | planet-cred erase
            planet-cred token
            """, with: Self.asPractice)
        let issued = practice.server.issuedTokens
        #expect(issued.first == first)
        #expect(answer.lines == [issued[1], issued[1], issued[2]])
        #expect(issued.count == 3)
    }

    @Test("a link in a folder below TMPDIR that others prepared is neither read nor cleaned")
    func preparedLink() async throws {
        let practice = try Practice()
        try practice.home.writeProfile("victim", for: practice.server)
        let theirs = #"{"access_token": "theirs", "refresh_token": "login"}"#
        try practice.home.writeTokenFile("victim", theirs)
        let answer = try await practice.home.shell(
            """
            unset XDG_RUNTIME_DIR
            folder=$TMPDIR/planet-cred-$(id -u)
            mkdir -m 0777 $folder
            hash=$(printf %s "$HOME/.planet" | sha256sum | cut -c1-8)
            ln -s $HOME/.planet/victim $folder/practice-$hash
            planet-cred token
            """, with: Self.asPractice)
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
        #expect(practice.home.tokenText("victim") == theirs)
    }

    @Test("many processes share the token of the other folder") func crowd() async throws {
        let practice = try Practice()
        try practice.home.setMode(".planet/practice", 0o500)
        try practice.home.giveToNobody()
        let answer = try await practice.home.shellAsNobody(
            "for i in 1 2 3 4 5 6 7 8; do planet-cred token 2>/dev/null & done; wait",
            with: Self.asPractice)
        #expect(Set(answer.lines) == [practice.server.issuedTokens[0]])
        #expect(answer.lines.count == 8)
        #expect(practice.tokenRequestCount == 1)
    }

    /// Fills a small disk that holds the home folder, in a mount namespace of its own, and runs a
    /// script there.
    private func onFullDisk(
        _ practice: Practice, _ script: String
    )
        async throws -> Outcome
    {
        try await practice.home.command(
            "unshare",
            [
                "--mount", "bash", "-c",
                """
                set -e
                cp -a ~ $TMPDIR/kept
                mount -t tmpfs -o size=64k,mode=700 none ~
                cp -a $TMPDIR/kept/. ~
                cat /dev/zero >~/filler 2>/dev/null || true
                set +e
                \(script)
                """,
            ], with: Self.asPractice
        ).run()
    }

    @Test(
        "on a full disk the old token file stays and the token is kept elsewhere",
        .enabled(if: MountNamespace.isPermitted, "needs the right to mount a small disk"))
    func fullDisk() async throws {
        let practice = try Practice()
        try practice.home.writeTokenFile("practice", #"{"access_token": "old", "_exp": 5}"#)
        let answer = try await onFullDisk(
            practice,
            """
            planet-cred token; planet-cred token
            cat ~/.planet/practice/token.json; echo
            ls ~/.planet/practice
            """)
        let token = practice.server.issuedTokens[0]
        #expect(
            answer.lines == [
                token, token, #"{"access_token": "old", "_exp": 5}"#, "auth_client.json",
                "token.json", "token.lock",
            ])
        #expect(answer.errors.split(separator: "\n").count == 1)
        #expect(
            answer.errors.contains("/.planet/practice' cannot be written; the token is kept in '"))
        #expect(practice.tokenRequestCount == 1)
    }

    @Test(
        "where no folder takes the token it is printed all the same, with a word",
        .enabled(if: MountNamespace.isPermitted, "needs the right to mount a small disk"))
    func nowhere() async throws {
        let practice = try Practice()
        let answer = try await onFullDisk(
            practice, "export TMPDIR=$HOME XDG_RUNTIME_DIR=$HOME; planet-cred token")
        #expect(
            answer
                == Outcome(
                    practice.server.issuedTokens[0] + "\n",
                    errors:
                        "planet-cred: warning: no folder takes the token; the next call will ask the server again\n"
                ))
    }
}

/// Whether a test may mount something that nobody else sees.
enum MountNamespace {
    static let isPermitted: Bool = {
        let mount = Command(
            "unshare", ["--mount", "mount", "-t", "tmpfs", "none", "/mnt"],
            environment: ["PATH": SearchPath.usual])
        return (try? mount.output()) != nil
    }()
}
