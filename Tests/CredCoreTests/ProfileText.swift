import CredCore
import Testing

extension Profile {
    /// The profile `test` with this `auth_client.json`.
    static func parsed(_ text: String) throws -> Profile {
        let object = try #require(try JSONValue(parsing: Array(text.utf8)).object)
        return try Profile(parsing: object, name: ProfileName("test"))
    }

    /// A client credentials profile with these members before its own; a later one counts.
    static func serviceAccount(_ members: String) throws -> Profile {
        try parsed(
            """
            {
              "client_type": "oidc_client_credentials_secret", "client_id": "id",
              "client_secret": "s", "auth_server": "https://as.example/", \(members)
            }
            """)
    }

    var client: OAuthClient? {
        if case .oauth(let client) = method { client } else { nil }
    }
}
