/// A page of the help that is not about one command.
package enum HelpPage: String, Hashable, Sendable, CaseIterable {
    case profile, hosts

    package var text: String {
        switch self {
        case .profile: Self.aboutProfiles
        case .hosts: Self.aboutHosts
        }
    }

    /// What the page is about, in one clause.
    var summary: String {
        switch self {
        case .profile: "the file that says how to get a credential, with an example"
        case .hosts: "which hosts may receive a credential"
        }
    }

    /// A complete profile file.
    package static let exampleProfile = """
        {
          "client_type": "oidc_client_credentials_secret",
          "auth_server": "https://services.sentinel-hub.com/auth/realms/main",
          "client_id": "my-client-id",
          "client_secret": "my-client-secret",
          "planet_cred": { "hosts": ["data.example.com"] }
        }
        """

    private static var aboutProfiles: String {
        """
        A profile says how to get a credential, and which hosts may receive it. It is
        the file ~/.planet/NAME/auth_client.json, which Planet's Python tools read, too.
        It may contain a secret, so make it readable only by you (chmod 600).

        Members:
        \(HelpText.table([
            ("client_type", """
                oidc_client_credentials_secret for a service account; for a user \
                oidc_auth_code (browser), oidc_device_code (code on any device) or \
                oidc_resource_owner (password); static_apikey for an API key
                """),
            ("auth_server", "the URL of the server that issues the tokens"),
            ("client_id", "the client, as the server knows it"),
            ("client_secret", "its secret, unless planet_cred says where that is"),
            ("scopes, audiences", "lists of what the token is for, if the server wants them"),
            ("api_key", "the key of a static_apikey profile"),
            ("planet_cred", "an object with our own members; other tools ignore it:"),
            ("  hosts", "the hosts that may receive the credential"),
            ("  client_secret_file", "a file with the client secret"),
            ("  client_secret_command", "a command that prints it"),
            ("  client_authentication", "client_secret_post, or client_secret_basic"),
        ]))
        Example, for a service account:
        \(HelpText.indented(exampleProfile))
        These choose a profile: --profile NAME, PL_AUTH_PROFILE=NAME, or a member
        PL_AUTH_PROFILE of ~/.planet.json. For git, the hosts do. The profile
        planet-user, for the Planet account of a user, is built in.

        See also: planet-cred status, planet-cred help hosts, man planet-cred-profile

        """
    }

    private static var aboutHosts: String {
        """
        A credential is only given to the hosts of its profile, over https (or plain
        http on this machine). They are listed in the profile:

          "planet_cred": { "hosts": ["data.example.com", "*.tiles.example.com"] }

        Entries:
        \(HelpText.table([
            ("data.example.com", "this host, at the default port"),
            ("data.example.com:8443", "this host, at this port"),
            ("*.example.com", "every host below example.com, but not example.com itself"),
        ]))
        Without "hosts", the hosts of "audiences" are used, and otherwise those of the
        service: Planet, Sentinel Hub, the Copernicus Data Space, EarthDaily and NASA
        Earthdata Login are known. If several profiles name a host, an exact entry
        precedes a pattern, and otherwise the first profile by name is used.

          planet-cred status --host data.example.com    # which profile, and why
          planet-cred status --all                      # every profile with its hosts

        See also: planet-cred help profile, man planet-cred-profile

        """
    }
}
