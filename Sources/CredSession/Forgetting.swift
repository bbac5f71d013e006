import CredCore
import CredOAuth
import CredSystem

extension TokenCache {
    /// The files beside the token file that a logout ends: journals of renewals, pauses, and what a
    /// killed process left half written.
    var leftovers: [String] {
        everyPlace.flatMap { place in
            Directory.names(in: place.folder).filter(Self.isLeftover)
                .map { "\(place.folder)/\($0)" }
        }
    }

    /// Fails as `load` does.
    var hasSomethingToForget: Bool {
        get throws(Failure) {
            guard leftovers.isEmpty else { return true }
            return try files(.fail).contains { $0.holdsCredential }
        }
    }

    private static func isLeftover(_ name: String) -> Bool {
        RenewalJournal.isJournal(name)
            || ["token.backoff", "token.backoff.new", "token.json.new"].contains(name)
    }
}

extension TokenFile {
    /// A token or a key is in the file, of whatever kind.
    var holdsCredential: Bool {
        ["access_token", "refresh_token", "id_token", "api_key", "key", "jwt"]
            .contains { members[$0] != nil }
    }

    /// The file without any credential in it and what belongs to one; `nil` where nothing remains.
    var bytesOfOthers: [UInt8]? {
        var rest = members
        for name in Self.credentialMembers { rest[name] = nil }
        guard !rest.members.isEmpty else { return nil }
        return Array(JSONValue.object(rest).text(.indented).utf8)
    }

    /// The answers of token endpoints, those of Keycloak too, the times that the Python tools add,
    /// and the keys of profiles without OAuth.
    private static let credentialMembers =
        answerMembers + [
            "session_state", "not-before-policy", "_iat", "_exp", "planet_cred", "api_key",
            "bearer_token_prefix", "key", "jwt",
        ]

    /// Whether the server that the profile names now may be told what is in the file.
    func mayBeShown(to binding: TokenBinding) -> Bool {
        guard let record = members["planet_cred"]?.object,
            let issuedFor = record["issued_for"]?.string
        else { return true }
        // Another tool may have put a new token beside our old record.
        if let text = members["access_token"]?.string,
            let authorization = Authorization(scheme: "Bearer", credential: text),
            record["token_ends"]?.string != Self.end(of: authorization)
        {
            return true
        }
        return binding.isSameParty(as: issuedFor)
    }
}
