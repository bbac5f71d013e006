import PracticeServer
import TestSupport
import Testing
import Workbench

/// The refresh token must not be spent where its answer has no place.
@Suite("Refresh tokens in homes that take no file", .inTurn) struct RefreshDiskTests {
    private static let asPerson = ["PL_AUTH_PROFILE": "person"]

    private func readOnly(_ session: PersonalSession, _ script: String) async throws -> Outcome {
        try session.home.setMode(".planet/person", 0o500)
        try session.home.giveToNobody()
        return try await session.home.shellAsNobody(script, with: Self.asPerson)
    }

    @Test("a folder that takes no file keeps the refresh token unspent") func readOnly()
        async throws
    {
        let session = try PersonalSession()
        let answer = try await readOnly(session, "planet-cred token")
        let lock = session.home.absolute(".planet/person/token.lock")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot renew the token of profile 'person'
                        planet-cred: because: cannot open '\(lock)': Permission denied; nothing was sent to the server
                        planet-cred: try: df -h ~/.planet; ls -la ~/.planet/person

                        """, status: 1))
        #expect(session.server.connectionCount == 0)
        #expect(try session.isAlive())
    }

    @Test("a folder that takes no file, but has the lock, keeps it unspent as well")
    func readOnlyWithLock() async throws {
        let session = try PersonalSession()
        try session.home.write(".planet/person/token.lock", "")
        let answer = try await readOnly(session, "planet-cred token")
        #expect(answer.end == .exited(1))
        #expect(answer.errors.contains("Permission denied; nothing was sent to the server"))
        #expect(session.server.connectionCount == 0)
    }

    @Test("a folder that takes no file gives what is in it while a server takes that")
    func readOnlyAlive() async throws {
        let session = try PersonalSession(expiresIn: 55)
        let answer = try await readOnly(session, "planet-cred token")
        #expect(answer.text == session.accessToken + "\n")
        #expect(answer.errors.contains("warning: using a token that is good for"))
        #expect(session.server.connectionCount == 0)
    }

    @Test("no copy of a login is made elsewhere") func noCopy() async throws {
        let session = try PersonalSession()
        let answer = try await readOnly(
            session, "planet-cred token; find $TMPDIR $XDG_RUNTIME_DIR -type f")
        #expect(answer.text == "")
    }

    @Test(
        "a full disk keeps the refresh token unspent",
        .enabled(if: MountNamespace.isPermitted, "needs the right to mount a small disk"))
    func fullDisk() async throws {
        let session = try PersonalSession()
        let answer = try await session.onSmallDisk(
            """
            cat /dev/zero >~/filler 2>/dev/null
            planet-cred token; echo "status $?"
            rm ~/filler
            planet-cred token
            cat ~/.planet/person/token.json
            """)
        #expect(answer.lines.first == "status 1")
        #expect(
            answer.errors.contains("No space left on device; nothing was sent to the server"))
        #expect(session.server.requestCount("/token") == 1)
        #expect(answer.lines.dropFirst().first == session.server.issuedTokens[1])
    }

    @Test(
        "a disk that fills up during the request keeps the answer",
        .enabled(if: MountNamespace.isPermitted, "needs the right to mount a small disk"))
    func fillsUp() async throws {
        let session = try PersonalSession()
        let answer = try await session.onSmallDisk(
            """
            printf '#!/bin/sh\\ncat /dev/zero >~/filler 2>/dev/null\\nexec curl "$@"\\n' >$TMPDIR/curl
            chmod +x $TMPDIR/curl
            PLANET_CRED_CURL=$TMPDIR/curl planet-cred token
            planet-cred token
            cat ~/.planet/person/token.json
            """)
        let token = session.server.issuedTokens[1]
        #expect(answer.errors == "")
        #expect(Array(answer.lines.prefix(2)) == [token, token])
        let kept = try #require(answer.text.firstMatch(of: /"refresh_token": "([^"]*)"/)?.1)
        #expect(session.server.acceptsRefresh(String(kept)))
        #expect(session.server.requestCount("/token") == 1)
    }
}

extension PersonalSession {
    /// Runs a script with the home folder on a disk of 64 KiB, in a mount namespace of its own.
    fileprivate func onSmallDisk(_ script: String) async throws -> Outcome {
        try await home.command(
            "unshare",
            [
                "--mount", "bash", "-c",
                """
                set -e
                cp -a ~ $TMPDIR/kept
                mount -t tmpfs -o size=64k,mode=700 none ~
                cp -a $TMPDIR/kept/. ~
                set +e
                \(script)
                """,
            ], with: ["PL_AUTH_PROFILE": "person"]
        ).run()
    }
}
