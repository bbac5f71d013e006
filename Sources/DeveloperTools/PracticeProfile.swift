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
