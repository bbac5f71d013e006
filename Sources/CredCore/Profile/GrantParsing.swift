/// The values of `client_type`, exactly as Planet's Python tools write them.
enum ClientType: Hashable, Sendable {
    /// The names that `init` accepts, listed in the message about an unknown one.
    static let names = """
        oidc_client_credentials_secret, oidc_client_credentials_pubkey, \
        oidc_auth_code[_secret|_pubkey], oidc_device_code[_secret|_pubkey], \
        oidc_resource_owner[_secret|_pubkey], planet_legacy, static_apikey, \
        oidc_client_validator, none
        """

    case none
    case staticKey
    case legacy
    case validator
    case oauth(GrantType, Authentication)

    /// The part of the name that selects the grant, such as `auth_code` or `device_code`.
    enum GrantType: Hashable, Sendable {
        case authorizationCode, deviceCode, clientCredentials, password
    }

    /// The suffix of the name that selects the client authentication, `_secret` or `_pubkey`.
    enum Authentication: Hashable, Sendable {
        case none, secret, privateKey
    }

    init?(_ name: String) {
        switch name {
        case "none": self = .none
        case "static_apikey": self = .staticKey
        case "planet_legacy": self = .legacy
        case "oidc_client_validator": self = .validator
        case "oidc_auth_code": self = .oauth(.authorizationCode, .none)
        case "oidc_auth_code_secret": self = .oauth(.authorizationCode, .secret)
        case "oidc_auth_code_pubkey": self = .oauth(.authorizationCode, .privateKey)
        case "oidc_device_code": self = .oauth(.deviceCode, .none)
        case "oidc_device_code_secret": self = .oauth(.deviceCode, .secret)
        case "oidc_device_code_pubkey": self = .oauth(.deviceCode, .privateKey)
        case "oidc_client_credentials_secret": self = .oauth(.clientCredentials, .secret)
        case "oidc_client_credentials_pubkey": self = .oauth(.clientCredentials, .privateKey)
        case "oidc_resource_owner": self = .oauth(.password, .none)
        case "oidc_resource_owner_secret": self = .oauth(.password, .secret)
        case "oidc_resource_owner_pubkey": self = .oauth(.password, .privateKey)
        default: return nil
        }
    }
}

extension Profile {
    /// Reads the settings of the grant that the `client_type` names.
    static func grant(_ type: ClientType.GrantType, _ fields: ProfileFields) throws(Failure)
        -> Grant
    {
        switch type {
        case .deviceCode: .deviceCode
        case .clientCredentials: .clientCredentials
        case .authorizationCode:
            .authorizationCode(try redirectURIs(fields), try acknowledgement(fields))
        case .password: .password(try userCredentials(fields))
        }
    }

    /// Reads `redirect_uri` and `local_redirect_uri`; if one is missing the other is used for both,
    /// as in the Python tools.
    private static func redirectURIs(_ fields: ProfileFields) throws(Failure) -> RedirectURIs {
        let registered = try fields.string("redirect_uri")
        let remote = LoopbackRedirect(registered ?? "") == nil ? registered : nil
        if let remote { try check(remote, fields) }
        guard let text = try fields.string("local_redirect_uri") ?? registered else {
            return .local(.standard)
        }
        switch (LoopbackRedirect(text), remote) {
        case (let local?, nil): return .local(local)
        case (let local?, let remote?): return .both(local, remote: remote)
        case (nil, let remote?) where remote == text: return .remote(remote)
        case (nil, _):
            throw fields.malformed(
                "local_redirect_uri",
                "must be an http URL whose host is 127.0.0.1, [::1] or localhost")
        }
    }

    /// Checks a redirect URI that is not on this machine. It need not be a web page:
    /// `urn:ietf:wg:oauth:2.0:oob`.
    private static func check(_ text: String, _ fields: ProfileFields) throws(Failure) {
        if text.utf8.starts(with: "http".utf8) {
            _ = try fields.url("redirect_uri")
            return
        }
        let scheme = text.utf8.prefix { $0 != UInt8(ascii: ":") }
        guard scheme.first.map({ $0 > UInt8(ascii: "9") }) ?? false,
            scheme.count < text.utf8.count - 1,
            scheme.allSatisfy(isSchemeCharacter),
            text.utf8.allSatisfy({ (0x21...0x7E) ~= $0 && $0 != UInt8(ascii: "#") })
        else {
            throw fields.malformed("redirect_uri", "must be an absolute URI without a fragment")
        }
    }

    /// Whether the byte may occur in a scheme, also in one that an application owns. RFC 3986 §3.1,
    /// RFC 8252 §7.1.
    private static func isSchemeCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func acknowledgement(_ fields: ProfileFields) throws(Failure)
        -> Grant.Acknowledgement?
    {
        if let html = try fields.string("authorization_callback_acknowledgement") {
            return .html(html)
        }
        return try fields.path("authorization_callback_acknowledgement_file").map { .file($0) }
    }

    /// Reads user name and password; the Python tools read both spellings and write the second.
    private static func userCredentials(_ fields: ProfileFields) throws(Failure) -> UserCredentials
    {
        var credentials = UserCredentials(username: try fields.string("username"))
        if credentials.username == nil { credentials.username = try fields.string("user_name") }
        var password = try fields.string("password")
        if password == nil { password = try fields.string("user_password") }
        credentials.password = password.map { Secret($0) }
        return credentials
    }
}
