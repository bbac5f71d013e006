package import CredCore

/// A proof that who redeems a code is who asked for it. RFC 7636, method `S256` alone.
package struct PKCE: Hashable, Sendable {
    /// 43 characters that carry 256 random bits, RFC 7636 §4.1.
    package let verifier: Secret

    package init(world: World) {
        verifier = Secret(Base64.encode(world.clock.random(32), .url))
    }

    package init(verifier: Secret) {
        self.verifier = verifier
    }

    /// RFC 7636 §4.2.
    package var challenge: String {
        Base64.encode(SHA256.digest(of: Array(verifier.reveal().utf8)), .url)
    }

    package static let method = "S256"
}
