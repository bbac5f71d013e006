import CredCore

/// The content of the file of a record.
extension TokenRecord {
    /// The content of the file, which can be read again, and whether it is all that there is.
    ///
    /// If that is more than we can read, the members of other tools and of the server are left out,
    /// then parts of the answer, finally the access token, but never the refresh token: it is the
    /// login.
    var content: (bytes: [UInt8], isWhole: Bool) {
        var bytes = JSONValue.object(members).fileContent
        guard bytes.count > JSONValue.maximumByteCount else { return (bytes, true) }
        var rest = JSONObject(
            lastOfEachName: members.members.filter { Self.credentialMembers.contains($0.name) })
        for name in Self.leastNeededFirst {
            bytes = JSONValue.object(rest).fileContent
            if bytes.count <= JSONValue.maximumByteCount { break }
            rest[name] = nil
        }
        return (bytes, false)
    }

    /// The file's content without any credential and what belongs to one; `nil` if nothing remains.
    var bytesOfOthers: [UInt8]? {
        var rest = members
        for name in Self.credentialMembers { rest[name] = nil }
        return rest.members.isEmpty ? nil : JSONValue.object(rest).fileContent
    }

    /// The members of token endpoints' answers, Keycloak's included, the times that the Python
    /// tools add, and the keys of profiles without OAuth.
    private static let credentialMembers =
        answerMembers + [
            "session_state", "not-before-policy", "_iat", "_exp", "planet_cred", "api_key",
            "bearer_token_prefix", "key", "jwt",
        ]

    private static let leastNeededFirst = [
        "session_state", "not-before-policy", "scope", "id_token", "access_token", "token_type",
    ]
}
