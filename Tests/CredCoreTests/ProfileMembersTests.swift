import CredCore
import TestSupport
import Testing

@Suite("Members of a profile") struct ProfileMembersTests {
    @Test(
        "USE-26: a member that is misspelt or in the wrong place is named with the nearest right one",
        arguments: [
            Row("ours outside", #"{"client_authentication": "x"}"#, "outside 'planet_cred'"),
            Row("hosts outside", #"{"hosts": []}"#, "'hosts' has no effect outside 'planet_cred'"),
            Row(
                "misspelt and outside", #"{"host": []}"#, "the nearest is 'hosts' in 'planet_cred'"),
            Row("one letter", #"{"client_secrt": "x"}"#, "the nearest is 'client_secret'"),
            Row("no plural", #"{"scope": "x"}"#, "the nearest is 'scopes'"),
            Row("capitals", #"{"Client_ID": "x"}"#, "the nearest is 'client_id'"),
            Row("other signs", #"{"clientId": "x"}"#, "the nearest is 'client_id'"),
            Row(
                "theirs inside", #"{"planet_cred": {"scopes": []}}"#,
                "'scopes' belongs outside 'planet_cred'"),
            Row("a host", #"{"planet_cred": {"host": []}}"#, "the nearest is 'hosts'"),
            Row("two letters", #"{"planet_cred": {"enviroment": {}}}"#, "nearest is 'environment'"),
            Row(
                "a part", #"{"planet_cred": {"secret_file": "x"}}"#,
                "the nearest is 'client_secret_file'"),
            Row(
                "theirs, misspelt", #"{"planet_cred": {"client_idd": "x"}}"#,
                "'client_id', which belongs outside"),
            Row("nothing near", #"{"planet_cred": {"zzz": 1}}"#, "its members are hosts, "),
        ])
    func mistake(_ row: Row<String, String>) throws {
        let mistakes = ProfileMembers.mistakes(in: try object(row.given))
        #expect(mistakes.count == 1)
        #expect(mistakes.first?.contains(row.wanted) == true, "\(mistakes)")
    }

    @Test(
        "USE-26: what is right, or another tool's, is not mentioned",
        arguments: [
            #"{"_comment": 1, "_hidden": true, "x_tool": {}, "display_name": "", "$schema": ""}"#,
            #"{"planet_cred": {"_comment": "hosts of ours", "username": "x"}, "username": "y"}"#,
            #"{"planet_cred": null}"#, #"{"planet_cred": []}"#, "{}",
        ])
    func silence(_ text: String) throws {
        #expect(ProfileMembers.mistakes(in: try object(text)) == [])
    }

    @Test(
        "USE-18: what Planet's tools lack in a profile that is enough for us is named",
        arguments: [
            Row("a secret elsewhere", secret(""), "client_secret"),
            Row("a secret", secret(#", "client_secret": "s""#), nil),
            Row("an empty secret", secret(#", "client_secret": """#), "client_secret"),
            Row(
                "no server", #"{"client_type": "oidc_device_code", "token_endpoint": "x"}"#,
                "auth_server"),
            Row(
                "no redirect", #"{"client_type": "oidc_auth_code", "auth_server": "x"}"#,
                "redirect_uri"),
            Row(
                "one redirect",
                #"{"client_type": "oidc_auth_code", "auth_server": "x", "local_redirect_uri": "x"}"#,
                nil),
            Row("a key", #"{"client_type": "static_apikey"}"#, nil),
            Row("an old login", #"{"client_type": "planet_legacy"}"#, "legacy_auth_endpoint"),
            Row("nothing", "{}", "client_type"),
        ] as [Row<String, String?>])
    func python(_ row: Row<String, String?>) throws {
        #expect(ProfileMembers.missingForPython(in: try object(row.given)) == row.wanted)
    }

    private static func secret(_ member: String) -> String {
        #"{"client_type": "oidc_client_credentials_secret", "auth_server": "x"\#(member)}"#
    }

    private func object(_ text: String) throws -> JSONObject {
        try #require(try JSONValue(parsing: Array(text.utf8)).object)
    }
}

@Suite("Paths in a profile") struct ProfilePathTests {
    private static let members = [
        "certificate_authority_file", "client_secret_file", "client_secret_command",
    ]

    /// The path that a profile in `/p` has in this member.
    private func path(_ path: String, _ member: String, _ paths: ProfilePaths) throws -> String? {
        let value = member == "client_secret_command" ? #"["\#(path)", "x"]"# : #""\#(path)""#
        let text = #"""
            {"client_type": "oidc_client_credentials_secret", "client_id": "id",
             "client_secret": "s", "auth_server": "https://as.example",
             "planet_cred": {"\#(member)": \#(value)}}
            """#
        let object = try #require(try JSONValue(parsing: Array(text.utf8)).object)
        let client = try Profile(parsing: object, name: ProfileName("test"), in: paths).client
        switch client?.authentication {
        case .secret(.file(let path), _): return path
        case .secret(.command(.arguments(let words)), _): return words[0]
        default: return client?.server.certificateAuthorityFile
        }
    }

    @Test(
        "USE-10: one rule holds for every member that is a path",
        arguments: [
            Row("home", "~/a/b", "/home/ada/a/b"), Row("absolute", "/a/b", "/a/b"),
            Row("relative", "a/b", "/p/a/b"), Row("here", "./b", "/p/./b"),
            Row("above", "../b", "/p/../b"),
        ], members)
    func rule(_ row: Row<String, String>, _ member: String) throws {
        let paths = ProfilePaths(folder: "/p", home: "/home/ada")
        #expect(try path(row.given, member, paths) == row.wanted)
    }

    @Test(
        "USE-10: a command without a slash is looked up in PATH, and a shell's is the shell's")
    func command() throws {
        let paths = ProfilePaths(folder: "/p", home: "/home/ada")
        #expect(try path("pass", "client_secret_command", paths) == "pass")
    }

    @Test(
        "USE-10: without a folder a relative path is refused, and the member named",
        arguments: members)
    func noFolder(_ member: String) throws {
        let failure = try #require(throws: Failure.self) {
            try path("a/b", member, ProfilePaths(home: "/home/ada"))
        }
        #expect(
            failure.because?.contains("'planet_cred.\(member)' is the relative path 'a/b'") == true)
    }

    @Test("USE-10: without a home ~/ is refused, and the member named", arguments: members)
    func noHome(_ member: String) throws {
        let failure = try #require(throws: Failure.self) {
            try path("~/b", member, ProfilePaths(folder: "/p"))
        }
        #expect(failure.because?.contains("'planet_cred.\(member)' starts with '~/'") == true)
    }

    @Test("USE-10: the page after a login follows the rule, too") func acknowledgement() throws {
        let text = #"""
            {"client_type": "oidc_auth_code", "client_id": "id", "auth_server": "https://a.example",
             "authorization_callback_acknowledgement_file": "~/page.html"}
            """#
        let object = try #require(try JSONValue(parsing: Array(text.utf8)).object)
        let client = try Profile(
            parsing: object, name: ProfileName("test"),
            in: ProfilePaths(folder: "/p", home: "/home/ada")
        ).client
        guard case .authorizationCode(_, let page)? = client?.grant else {
            Issue.record("another grant")
            return
        }
        #expect(page == .file("/home/ada/page.html"))
    }
}
