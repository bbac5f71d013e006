import Workbench

/// Tells a client who logged in. OpenID Connect Core §2
struct IdentityToken {
    /// A client reads it at once and forgets it; in seconds.
    private static let lifetime: Int64 = 300

    let site: Site

    /// - Parameter nonce: what the client sent to recognise its own request.
    func signed(
        for permission: Permission, _ person: Person, nonce: String?
    ) throws(Problem) -> String {
        let now = site.clock.now
        let claims: JWT.Claims =
            [
                ("iss", .string(site.issuer)), ("sub", .string(person.subject)),
                ("email", .string(person.email)), ("aud", .string(permission.client)),
                ("iat", .number(now)), ("exp", .number(now + Self.lifetime)),
            ] + (nonce.map { [("nonce", .string($0))] } ?? [])
        return try JWT(claims: site.configuration.idTokenOverrides.applied(to: claims))
            .signed(among: site.children)
    }
}
