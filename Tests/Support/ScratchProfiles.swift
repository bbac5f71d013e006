import Foundation
package import PracticeServer
import Testing

/// The profiles and token files of a scratch home.
extension ScratchHome {
    package typealias JSON = PracticeServer.JSON

    /// Writes `~/.planet/NAME/auth_client.json`.
    package func writeProfile(_ name: String, _ content: JSON, mode: Int = 0o600) throws {
        try write(
            Self.profilePath(name), String(decoding: content.encoded, as: UTF8.self), mode: mode)
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

    package func writeTokenFile(_ name: String = "practice", _ text: String) throws {
        try write(Self.tokenPath(name), text)
    }

    package static func profilePath(_ name: String) -> String { ".planet/\(name)/auth_client.json" }
    package static func tokenPath(_ name: String = "practice") -> String {
        ".planet/\(name)/token.json"
    }

    /// The text of the token file; `nil` if there is none.
    package func tokenText(_ name: String = "practice") -> String? {
        // A file that cannot be read is no file for a test.
        try? read(Self.tokenPath(name))
    }

    package func token(_ name: String = "practice") throws -> [String: Any] {
        try object(Self.tokenPath(name))
    }

    /// When the stored token expires by planet-cred's own measure, which is not that of a JWT's
    /// claims: receipt and life, in seconds since 1970.
    package func tokenExpiry(_ name: String = "practice") throws -> Int {
        let record = try token(name)["planet_cred"] as? [String: Any]
        let receivedAt = try #require(record?["received_at"] as? Int)
        return try receivedAt + #require(record?["lifetime"] as? Int)
    }

    /// A JSON file.
    package func object(_ name: String) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(read(name).utf8))
        return value as? [String: Any] ?? [:]
    }

    /// Lets time pass for a stored token: all its times move into the past.
    package func ageToken(_ name: String = "practice", bySeconds seconds: Int) throws {
        var members = try token(name)
        for key in ["_iat", "_exp"] { members[key] = (members[key] as? Int).map { $0 - seconds } }
        var own = members["planet_cred"] as? [String: Any] ?? [:]
        own["received_at"] = (own["received_at"] as? Int).map { $0 - seconds }
        members["planet_cred"] = own
        try writeObject(Self.tokenPath(name), members)
    }

    package func writeObject(_ name: String, _ members: [String: Any]) throws {
        let data = try JSONSerialization.data(withJSONObject: members, options: [.sortedKeys])
        try write(name, String(decoding: data, as: UTF8.self))
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
