import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Homes that take no token", .inTurn) struct FallbackFolderTests {
    private static let asPractice = ["PL_AUTH_PROFILE": "practice"]

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
                "token.json", "token.lock", "token.lock.range",
            ])
        #expect(answer.errors.split(separator: "\n").count == 1)
        #expect(answer.errors.contains("/.planet/practice'"))
        #expect(practice.tokenRequestCount == 1)
    }

    @Test(
        "where no folder takes the token it is printed all the same, with a word",
        .enabled(if: MountNamespace.isPermitted, "needs the right to mount a small disk"))
    func nowhere() async throws {
        let practice = try Practice()
        let answer = try await onFullDisk(
            practice, "export TMPDIR=$HOME XDG_RUNTIME_DIR=$HOME; planet-cred token")
        #expect(answer.text == practice.server.issuedTokens[0] + "\n")
        #expect(answer.errors.contains("warning:"))
        #expect(answer.end == .exited(0))
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
