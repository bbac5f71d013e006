import PracticeServer
import TestSupport
import Testing
import Workbench

/// Real programs that ask again and again at a host that refuses their tokens.
@Suite("Programs that ask again", .inTurn) struct ReturningProgramTests {
    private static let refusal = PracticeServer.Fault.Effect.status(
        401, headers: ["WWW-Authenticate": #"Basic realm="practice""#])

    @Test("USE-01: git-lfs at a host that refuses every token ends by itself, after three of them")
    func lfs() async throws {
        let practice = try Practice()
        practice.server.faults = [PracticeServer.Fault(Self.refusal, path: "/lfs/")]
        let answer = try await practice.home.shell(
            """
            git config --global credential.helper planet
            git config --global user.name Practice
            git config --global user.email practice@example.org
            git lfs install --skip-repo >~/log
            git init -q scenes && cd scenes
            git config lfs.url $url
            printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:%064d\\nsize 1\\n' 1 >a.bin
            echo '*.bin filter=lfs' >.gitattributes
            GIT_LFS_SKIP_SMUDGE=1 git add -A
            git commit -qm first
            git lfs pull 2>&1
            """,
            with: [
                "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
                "url": "\(practice.server.url)/lfs",
            ])
        #expect(answer.status != 0)
        #expect(
            answer.text.contains(
                "'\(practice.authority)' refused 3 fresh tokens of profile 'practice'"))
        #expect(practice.tokenRequestCount == 3)
    }

    /// A practice server whose resource is a folder of WebDAV, and a script that lists it.
    private func folder() throws -> (Practice, @Sendable () async throws -> Outcome) {
        let practice = try Practice()
        let listing = """
            <?xml version="1.0"?><d:multistatus xmlns:d="DAV:"><d:response>\
            <d:href>/resource/</d:href><d:propstat><d:prop><d:resourcetype><d:collection/>\
            </d:resourcetype></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>\
            </d:response></d:multistatus>
            """
        let folder = PracticeServer.Answer(
            status: 207, headers: ["Content-Type": "application/xml"], text: listing)
        let effect = PracticeServer.Fault.Effect.transformed { $0.status == 200 ? folder : $0 }
        practice.server.faults = [PracticeServer.Fault(effect, path: "/resource/")]
        return (
            practice,
            {
                try await practice.home.shell(
                    """
                    rclone lsf :webdav: --webdav-url $url --low-level-retries 20 \\
                        --webdav-bearer-token-command 'planet-cred token --hook' 2>&1
                    """,
                    with: [
                        "PL_AUTH_PROFILE": "practice", "url": "\(practice.server.resource)/",
                        "RCLONE_CONFIG": "\(practice.home.root)/rclone.conf",
                    ])
            }
        )
    }

    @Test("USE-04: rclone recovers from a revocation, and starts with the cached token otherwise")
    func rclone() async throws {
        let (practice, list) = try folder()
        for _ in 1...2 { #expect(try await list().status == 0) }
        #expect(practice.tokenRequestCount == 1)
        try practice.home.ageToken(bySeconds: 300)
        practice.server.revoke(practice.server.issuedTokens[0])
        for _ in 1...2 {
            let answer = try await list()
            #expect(answer.status == 0, "\(answer)")
        }
        #expect(practice.tokenRequestCount == 2)
    }

    @Test("USE-04: rclone at a server that refuses every token ends, after a few of them")
    func refusedRclone() async throws {
        let (practice, list) = try folder()
        practice.server.faults = [PracticeServer.Fault(Self.refusal, path: "/resource/")]
        let answer = try await list()
        #expect(answer.status != 0)
        #expect(practice.tokenRequestCount <= 3)
    }
}
