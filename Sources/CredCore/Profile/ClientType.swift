/// The values of `client_type`, exactly as Planet's Python tools write them.
enum ClientType: Hashable, Sendable {
    case none
    case staticKey
    case legacy
    case validator
    case oauth(GrantType, Authentication)

    /// The `auth_code`, `device_code`, ... of a type's name.
    enum GrantType: Hashable, Sendable {
        case authorizationCode, deviceCode, clientCredentials, password
    }

    /// The `_secret` and `_pubkey` of a type's name.
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
