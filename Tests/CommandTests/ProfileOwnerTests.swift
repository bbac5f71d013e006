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

    /// A home with a login of user 1001, which root uses.
    private func othersLogin(_ type: String) async throws -> Practice {
        let practice = try Practice(changing: ["client_type": .string(type)])
        try practice.home.writeTokenFile(
            "practice", #"{"access_token": "old", "_exp": 5, "refresh_token": "r"}"#)
        _ = try await practice.home.shell("chown -R 1001:1002 ~; chmod 755 $(dirname ~)")
        return practice
    }

    @Test(
        "USE-13: a token file of another user is left to its owner, who is named",
        arguments: ["oidc_client_credentials_secret", "oidc_device_code_secret"],
        ["token --profile practice", "logout practice", "token --rejected --profile practice"])
    func foreignToken(_ type: String, _ words: String) async throws {
        let practice = try await othersLogin(type)
        let list = "find ~ -printf '%p %u %m\\n' | sort"
        let before = try await practice.home.shell(list)
        let answer = try await practice.home.shell("planet-cred \(words)")
        #expect(answer.end == .exited(1), "\(answer)")
        #expect(answer.errors.contains("token.json'"))
        #expect(answer.errors.contains("because: it belongs to user 1001\n"))
        #expect(
            answer.errors.contains(
                "try: setpriv --reuid=1001 --regid=1002 --clear-groups planet-cred token --profile practice    # or with --no-save"
            ))
        #expect(!answer.errors.contains("mv "))
        #expect(practice.tokenRequestCount == 0)
        // Nothing that the owner could not read has been left there.
        #expect(try await practice.home.shell(list) == before)
    }

    @Test("USE-13: the command that is proposed to root uses the owner's login")
    func foreignRemedy() async throws {
        let practice = try await othersLogin("oidc_client_credentials_secret")
        let answer = try await practice.home.shell(
            """
            chmod 711 .. ../bin
            eval "$(planet-cred token --profile practice 2>&1 | sed -n 's/^planet-cred: try: //p')"
            """)
        #expect(answer.line == practice.server.issuedTokens.first, "\(answer)")
    }

    @Test("USE-13: without a token file nothing is written into another user's folder either")
    func foreignFolder() async throws {
        let practice = try await othersLogin("oidc_client_credentials_secret")
        let answer = try await practice.home.shell(
            """
            rm ~/.planet/practice/token.json
            planet-cred token --profile practice; planet-cred token --profile practice
            find ~ -type f; find ~ -user 0
            """)
        let token = practice.server.issuedTokens[0]
        #expect(
            answer.lines
                == [token, token, "\(practice.home.path)/.planet/practice/auth_client.json"],
            "\(answer)")
        #expect(practice.tokenRequestCount == 1)
        #expect(answer.errors.split(separator: "\n").count == 1, "\(answer)")
    }

    @Test(
        "USE-13: no login is begun that could not be kept", arguments: ["practice", "planet-user"])
    func foreignLogin(_ name: String) async throws {
        let practice = try await othersLogin("oidc_device_code_secret")
        let answer = try await practice.home.shell(
            "rm ~/.planet/practice/token.json; planet-cred login $1; find ~ -user 0", name)
        #expect(answer.output == [], "\(answer)")
        #expect(answer.errors.contains("it belongs to user 1001"))
        #expect(practice.server.requests.isEmpty)
    }

    @Test("USE-13: profile use leaves the home of another user alone") func foreignSettings()
        async throws
    {
        let practice = try await othersLogin("oidc_client_credentials_secret")
        let answer = try await practice.home.shell("planet-cred profile use practice; ls -A ~")
        #expect(answer.lines == [".planet"])
        #expect(answer.errors.contains("--clear-groups planet-cred profile use practice"))
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
