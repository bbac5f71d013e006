import Glibc
import PracticeServer
import TestSupport
import Testing
import Workbench

/// Profiles of other users, who are real. What a user's own modes do is in the transcripts.
@Suite(
    "Profiles of other users", .inTurn,
    .enabled(if: geteuid() == 0, "only root can give a file to another user"))
struct ProfileOwnerTests {
    private func practice() throws -> Practice {
        let practice = try Practice(
            changing: ["client_secret": nil],
            own: ["client_secret_command": "echo x >>~/runs; echo m2m-secret"])
        try practice.home.giveToNobody()
        return practice
    }

    @Test(
        "a profile that belongs to somebody else runs no command",
        arguments: [
            Row(
                "root's", "chown 0:0 FOLDER/auth_client.json; chmod 644 FOLDER/auth_client.json",
                nil),
            Row("its directory is root's", "chown 0:0 FOLDER; chmod 755 FOLDER", nil),
            Row("everything is root's", "chown -R 0:0 ~/.planet; chmod -R a+rX ~/.planet", nil),
            Row(
                "another user's", "chown 1001 FOLDER/auth_client.json; chmod 644 FOLDER/*",
                "auth_client.json' belongs to user 1001, who could"),
            Row(
                "its directory is another user's", "chown 1001 FOLDER; chmod 755 FOLDER",
                "practice' belongs to user 1001, who could"),
            Row(
                "another user's ~/.planet", "chown 1001 ~/.planet; chmod 755 ~/.planet",
                ".planet' belongs to user 1001, who could"),
            Row(
                "root's, and everybody can write it",
                "chown 0:0 FOLDER/auth_client.json; chmod 666 FOLDER/auth_client.json",
                "belongs to root, and other users can write to it and so"),
        ] as [Row<String, String?>])
    func owner(_ row: Row<String, String?>) async throws {
        let practice = try practice()
        _ = try await practice.home.shell(
            row.given.replacing("FOLDER", with: "~/.planet/practice"))
        let answer = try await practice.home.shellAsNobody(
            "planet-cred --profile practice token")
        if let reason = row.wanted {
            #expect(answer.errors.contains("\(reason) run commands as you\n"))
            #expect(practice.tokenRequestCount == 0)
            #expect(!practice.home.exists("runs"))
        } else {
            #expect(answer.lines.first == practice.server.issuedTokens.first)
            #expect(practice.home.exists("runs"))
        }
    }

    @Test("for root, too, a profile of another user runs no command") func root() async throws {
        let practice = try practice()
        let answer = try await practice.run("token")
        #expect(answer.end == .exited(78))
        #expect(answer.errors.contains("belongs to user 'nobody'"))
        #expect(!practice.home.exists("runs"))
    }

    @Test("in a sticky directory the owner of the file decides") func sticky() async throws {
        let practice = try practice()
        let copy = """
            mkdir -m 1777 $TMPDIR/open; cp ~/.planet/practice/auth_client.json $TMPDIR/open/my.json
            chmod 644 $TMPDIR/open/my.json
            """
        _ = try await practice.home.shell("\(copy); chown 1001 $TMPDIR/open/my.json")
        let token = "planet-cred --profile-file $TMPDIR/open/my.json token"
        let theirs = try await practice.home.shellAsNobody(token)
        #expect(theirs.end == .exited(78))
        #expect(theirs.errors.contains("my.json' belongs to user 1001"))
        #expect(!practice.home.exists("runs"))
        _ = try await practice.home.shell("chown 65534 $TMPDIR/open/my.json")
        let ours = try await practice.home.shellAsNobody(token)
        #expect(ours.line == practice.server.issuedTokens.first)
    }

    @Test("the remedy makes a copy that is the user's own") func remedy() async throws {
        let practice = try practice()
        _ = try await practice.home.shell(
            "chown 1001 ~/.planet/practice/auth_client.json; chmod 644 ~/.planet/practice/auth_client.json"
        )
        let answer = try await practice.home.shellAsNobody(
            """
            planet-cred --profile practice token 2>$TMPDIR/said
            eval "$(sed -n 's/^planet-cred: try: less.*it: //p' $TMPDIR/said)"
            planet-cred --profile practice token
            """)
        #expect(answer.line == practice.server.issuedTokens.first)
    }
}
