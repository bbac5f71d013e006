/// How a client proves to the authorization server that it is itself. RFC 6749 §2.3,
/// OpenID Connect Core §9.
package enum ClientAuthentication: Hashable, Sendable {
    /// A public client: `client_id` in the body.
    case none
    case secret(SecretSource, SecretMethod)
    /// `private_key_jwt`, RFC 7523 §2.2.
    case privateKey

    package enum SecretMethod: String, Hashable, Sendable, CaseIterable {
        /// Id and secret in the body.
        case post = "client_secret_post"
        /// HTTP Basic, id and secret form-encoded first. RFC 6749 §2.3.1.
        case basic = "client_secret_basic"
        /// HTTP Basic of the raw pair, which some servers want against the RFC.
        case basicRaw = "client_secret_basic_raw"
    }

    /// Where the client secret is.
    package enum SecretSource: Hashable, Sendable {
        case literal(Secret)
        case file(String)
        case command(CommandLineProgram)
    }
}
