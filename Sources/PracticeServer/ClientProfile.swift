package import Workbench

/// The profiles of clients that a practice server knows.
extension ScratchHome {
    package typealias JSON = PracticeServer.JSON

    /// Writes `~/.planet/NAME/auth_client.json`.
    package func writeProfile(_ name: String, _ content: JSON, mode: Int = 0o600) throws {
        try writeProfile(name, String(decoding: content.encoded, as: UTF8.self), mode: mode)
    }

    /// Writes a profile whose service account the server knows.
    ///
    /// - Parameter own: the object `planet_cred`, after `hosts`.
    package func writeProfile(
        _ name: String = "practice", for server: PracticeServer,
        changing members: PracticeServer.MemberOverrides = [:],
        own: PracticeServer.MemberOverrides = [:]
    ) throws {
        try writeProfile(name, .serviceAccount(server, changing: members, own: own))
    }
}

extension PracticeServer.JSON {
    /// The configuration of the service account that a practice server knows by default.
    package static func serviceAccount(
        _ server: PracticeServer, changing members: PracticeServer.MemberOverrides = [:],
        own: PracticeServer.MemberOverrides = [:]
    ) -> PracticeServer.JSON {
        let ours: [(name: String, value: PracticeServer.JSON)] = [
            ("hosts", [.string("127.0.0.1:\(server.port)")])
        ]
        let all: [(name: String, value: PracticeServer.JSON)] = [
            ("client_type", "oidc_client_credentials_secret"),
            ("auth_server", .string(server.issuer)),
            ("client_id", "m2m"), ("client_secret", "m2m-secret"),
            ("planet_cred", .object(own.replacing(ours))),
        ]
        return .object(members.replacing(all))
    }
}

extension PracticeServer.JSON {
    /// The configuration of a person's login, by a public client that a practice server knows.
    package static func login(
        _ type: String, _ server: PracticeServer, changing members: PracticeServer.MemberOverrides,
        own: PracticeServer.MemberOverrides
    ) -> PracticeServer.JSON {
        let ours: [(name: String, value: PracticeServer.JSON)] = [
            ("hosts", [.string("127.0.0.1:\(server.port)")])
        ]
        let all: [(name: String, value: PracticeServer.JSON)] = [
            ("client_type", .string(type)), ("auth_server", .string(server.issuer)),
            ("client_id", "pub"), ("scopes", ["openid", "offline_access"]),
            ("planet_cred", .object(own.replacing(ours))),
        ]
        return .object(members.replacing(all))
    }
}

extension PracticeServer.MemberOverrides {
    /// The members of an object after these changes.
    fileprivate func replacing(
        _ original: [(name: String, value: PracticeServer.JSON)]
    ) -> [(name: String, value: PracticeServer.JSON)] {
        let names = Set(members.map(\.name))
        let changed = members.compactMap { member in member.value.map { (member.name, $0) } }
        return original.filter { !names.contains($0.name) } + changed
    }
}

/// The configuration of the practice server's client, as people write it by hand.
package struct PracticeProfile: Sendable {
    package let tokenEndpoint: String
    /// Where the token may go, for example `127.0.0.1:4000`.
    package let host: String

    package init(tokenEndpoint: String, host: String) {
        self.tokenEndpoint = tokenEndpoint
        self.host = host
    }

    /// `auth_client.json`
    package var text: String {
        """
        {
          "client_type": "oidc_client_credentials_secret",
          "token_endpoint": "\(tokenEndpoint)",
          "client_id": "m2m",
          "client_secret": "m2m-secret",
          "planet_cred": { "hosts": ["\(host)"] }
        }

        """
    }
}
