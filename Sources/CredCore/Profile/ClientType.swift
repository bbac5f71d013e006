/// The values of `client_type`, exactly as Planet's Python tools write them.
enum ClientType: Hashable, Sendable {
    case none
    case staticKey
    case legacy
    case validator
    case oauth(Grant, Authentication)

    /// The `_secret` and `_pubkey` of a type's name.
    enum Authentication: Hashable, Sendable {
        case none, secret, privateKey
    }

    static let all: [String: ClientType] = [
        "none": .none,
        "static_apikey": .staticKey,
        "planet_legacy": .legacy,
        "oidc_client_validator": .validator,
        "oidc_auth_code": .oauth(.authorizationCode, .none),
        "oidc_auth_code_secret": .oauth(.authorizationCode, .secret),
        "oidc_auth_code_pubkey": .oauth(.authorizationCode, .privateKey),
        "oidc_device_code": .oauth(.deviceCode, .none),
        "oidc_device_code_secret": .oauth(.deviceCode, .secret),
        "oidc_device_code_pubkey": .oauth(.deviceCode, .privateKey),
        "oidc_client_credentials_secret": .oauth(.clientCredentials, .secret),
        "oidc_client_credentials_pubkey": .oauth(.clientCredentials, .privateKey),
        "oidc_resource_owner": .oauth(.password, .none),
        "oidc_resource_owner_secret": .oauth(.password, .secret),
        "oidc_resource_owner_pubkey": .oauth(.password, .privateKey),
    ]
}
