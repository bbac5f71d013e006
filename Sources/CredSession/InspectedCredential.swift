package import CredCore

/// What is known of a cached token, and what its server says of it if it was asked.
package struct InspectedCredential: Sendable {
    /// A token taken apart as far as that goes, never the token itself.
    package struct InspectedToken: Sendable {
        package let format: Format
        package let check: Check

        package enum Format: Hashable, Sendable {
            case jwt(header: JSONObject, claims: JSONObject)
            /// Only its server can read it.
            case opaque
        }

        /// Whether anybody compared the token with the server's keys.
        package enum Check: Hashable, Sendable {
            case notVerified, verified
        }
    }

    package let accessToken: InspectedToken
    package let idToken: InspectedToken?
    /// The file that all this is from.
    package let path: String
    package let receivedAt: UnixTime?
    package let expiresAt: UnixTime?
    package let scope: String?
    /// `nil`: nobody asked.
    package let serverAnswer: ServerAnswer?
}

/// What a server says of an access token.
package struct ServerAnswer: Hashable, Sendable {
    /// Where it was asked.
    package enum Source: String, Hashable, Sendable {
        /// RFC 7662.
        case introspection
        /// Sentinel Hub's own.
        case tokeninfo
        /// OpenID Connect Core §5.3.
        case userinfo
    }

    package let source: Source
    package let isActive: Bool
    /// The answer without its `active`; empty for a token that the server does not take.
    package let members: JSONObject
}
