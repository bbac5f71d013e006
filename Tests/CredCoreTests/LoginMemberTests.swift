import CredCore
import TestSupport
import Testing

/// What a profile says of the person who logs in, and of what that person sees.
@Suite("Members for a login") struct LoginMemberTests {
    @Test(
        "a stored user is read in both spellings of the Python tools, the first one first",
        arguments: [
            Row("nobody", "", UserCredentials()),
            Row(
                "as people write it", #", "username": "me", "password": "pw""#,
                UserCredentials(username: "me", password: Secret("pw"))),
            Row(
                "as the tools write it", #", "user_name": "me", "user_password": "pw""#,
                UserCredentials(username: "me", password: Secret("pw"))),
            Row(
                "half of each", #", "username": "me", "user_password": "pw""#,
                UserCredentials(username: "me", password: Secret("pw"))),
            Row(
                "both",
                #", "user_name": "b", "user_password": "c", "username": "d", "password": "e""#,
                UserCredentials(username: "d", password: Secret("e"))),
            Row(
                "an empty one beside the other", #", "username": "", "user_name": "me""#,
                UserCredentials(username: "me")),
            Row("a name alone", #", "user_name": "me""#, UserCredentials(username: "me")),
            Row(
                "a password alone", #", "password": " ü ""#,
                UserCredentials(password: Secret(" ü "))),
        ])
    func user(_ row: Row<String, UserCredentials>) throws {
        #expect(try client("oidc_resource_owner", row.given)?.grant == .password(row.wanted))
    }

    @Test(
        "a stored user that is wrong is named, and the password is not shown",
        arguments: [
            Row("a name that is a number", #", "username": 1"#, "username"),
            Row("the other name", #", "user_name": []"#, "user_name"),
            Row("a password in a list", #", "password": ["hunter2"]"#, "password"),
            Row("a NUL in a password", #", "user_password": "hunter2\u0000""#, "user_password"),
        ])
    func wrongUser(_ row: Row<String, String>) throws {
        let failure = try #require(throws: Failure.self) {
            try client("oidc_resource_owner", row.given)
        }
        #expect(failure.kind == .profile)
        #expect(failure.because?.contains("'\(row.wanted)'") == true)
        #expect(!"\(failure)".contains("hunter2"))
    }

    @Test("a stored password describes itself to nobody")
    func description() throws {
        let grant = try client("oidc_resource_owner", #", "password": "hunter2""#)?.grant
        #expect(!"\(String(describing: grant))".contains("hunter2"))
    }

    @Test(
        "the page after a login is in the profile or in a file, and the profile's own wins",
        arguments: [
            Row("none", "", nil),
            Row("its own", #", "\#(acknowledgement)": "<p>hi""#, .html("<p>hi")),
            Row("a file", #", "\#(acknowledgement)_file": "/p.html""#, .file("/p.html")),
            Row(
                "both", #", "\#(acknowledgement)_file": "/p.html", "\#(acknowledgement)": "hi""#,
                .html("hi")),
            Row("an empty one", #", "\#(acknowledgement)": """#, nil),
        ] as [Row<String, Grant.Acknowledgement?>])
    func page(_ row: Row<String, Grant.Acknowledgement?>) throws {
        let client = try client("oidc_auth_code", row.given)
        #expect(client?.grant == .authorizationCode(.local(.standard), row.wanted))
    }

    @Test(
        "a page after a login that is no text is named",
        arguments: [acknowledgement, "\(acknowledgement)_file"])
    func wrongPage(_ member: String) throws {
        let failure = try #require(throws: Failure.self) {
            try client("oidc_auth_code", #", "\#(member)": 1"#)
        }
        #expect(failure.kind == .profile)
        #expect(failure.because?.contains("'\(member)'") == true)
    }

    /// A legacy profile with these members, and what its login uses.
    struct Legacy: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let members: String
        let endpoint: String
        var key: Secret?
    }

    @Test(
        "a legacy profile may name its endpoint and its key",
        arguments: [
            Legacy(
                testDescription: "neither", members: "",
                endpoint: "https://api.planet.com/v0/auth/login"),
            Legacy(
                testDescription: "neither has a text",
                members: #", "legacy_auth_endpoint": "", "api_key": """#,
                endpoint: "https://api.planet.com/v0/auth/login"),
            Legacy(
                testDescription: "an endpoint",
                members: #", "legacy_auth_endpoint": "https://old.example/login?a""#,
                endpoint: "https://old.example/login?a"),
            Legacy(
                testDescription: "a key", members: #", "api_key": "PLAK1""#,
                endpoint: "https://api.planet.com/v0/auth/login", key: Secret("PLAK1")),
            Legacy(
                testDescription: "both",
                members: #", "api_key": "k", "legacy_auth_endpoint": "http://localhost:1/""#,
                endpoint: "http://localhost:1/", key: Secret("k")),
        ])
    func legacy(_ row: Legacy) throws {
        let profile = try legacyProfile(row.members)
        guard case .legacy(let login) = profile.method else {
            Issue.record("not a legacy profile")
            return
        }
        #expect(try login.endpoint().description == row.endpoint)
        #expect(login.key == row.key)
        #expect(profile.hosts == KnownService.planet.hosts)
    }

    @Test(
        "a legacy profile that is wrong is named, and the key is not shown",
        arguments: [
            Row(
                "plain http", #", "legacy_auth_endpoint": "http://a.example/""#,
                "legacy_auth_endpoint"),
            Row("no URL", #", "legacy_auth_endpoint": "login""#, "legacy_auth_endpoint"),
            Row("a number", #", "legacy_auth_endpoint": 1"#, "legacy_auth_endpoint"),
            Row("a key for no header", #", "api_key": "hunter2\n""#, "api_key"),
            Row("a key in a list", #", "api_key": ["hunter2"]"#, "api_key"),
        ])
    func wrongLegacy(_ row: Row<String, String>) throws {
        let failure = try #require(throws: Failure.self) { try legacyProfile(row.given) }
        #expect(failure.kind == .profile)
        #expect(failure.because?.contains("'\(row.wanted)'") == true)
        #expect(!"\(failure)".contains("hunter2"))
    }

    private static let acknowledgement = "authorization_callback_acknowledgement"

    private func client(_ type: String, _ members: String) throws -> OAuthClient? {
        try Profile.parsed(
            #"{"client_type": "\#(type)", "client_id": "i", "auth_server": "https://as.example""#
                + "\(members)}"
        ).client
    }

    private func legacyProfile(_ members: String) throws -> Profile {
        try Profile.parsed(#"{"client_type": "planet_legacy"\#(members)}"#)
    }
}
