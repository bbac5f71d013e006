import Foundation

/// The profiles and token files of a scratch home.
extension ScratchHome {
    /// Writes `~/.planet/NAME/auth_client.json`.
    package func writeProfile(_ name: String, _ text: String, mode: Int = 0o600) throws {
        try write(Self.profilePath(name), text, mode: mode)
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
        // The error is ignored: an unreadable file counts as missing.
        try? read(Self.tokenPath(name))
    }

    package func token(_ name: String = "practice") throws -> [String: Any] {
        try object(Self.tokenPath(name))
    }

    /// When the stored token expires by planet-cred's own measure, which is not that of a JWT's
    /// claims: receipt and life, in seconds since 1970.
    package func tokenExpiry(_ name: String = "practice") throws -> Int {
        let record = try token(name)["planet_cred"] as? [String: Any]
        guard let receivedAt = record?["received_at"] as? Int,
            let lifetime = record?["lifetime"] as? Int
        else { throw Problem("the token file of '\(name)' does not tell when the token expires") }
        return receivedAt + lifetime
    }

    /// A JSON file.
    package func object(_ name: String) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(read(name).utf8))
        return value as? [String: Any] ?? [:]
    }

    /// Makes a stored token older: moves all its times into the past.
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
