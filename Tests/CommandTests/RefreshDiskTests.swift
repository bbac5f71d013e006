import PracticeServer
import TestSupport
import Testing
import Workbench

/// The refresh token must not be spent where its answer has no place.
@Suite("Refresh tokens on disk", .inTurn) struct RefreshDiskTests {
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
        #expect(answer.errors.contains("No space left on device"))
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

    @Test("REF-02: file and folder are on disk before the token is printed") func durable()
        async throws
    {
        let session = try PersonalSession()
        let trace = "\(session.home.root)/trace"
        _ = try await session.shell(
            "strace -y -e trace=fsync,rename,write -o \(trace) planet-cred token")
        let calls = try session.home.read(trace).split(separator: "\n").map(String.init)
        let file = calls.firstIndex { $0.hasPrefix("fsync") && $0.contains("token.json.new.") }
        let rename = calls.firstIndex { $0.hasPrefix("rename") && $0.contains("token.json\"") }
        let folder = calls.firstIndex { $0.hasPrefix("fsync") && $0.contains("/person>") }
        let print = calls.firstIndex { $0.hasPrefix("write(1<") }
        let order = [file, rename, folder, print].compactMap(\.self)
        #expect(order.count == 4)
        #expect(order == order.sorted())
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
