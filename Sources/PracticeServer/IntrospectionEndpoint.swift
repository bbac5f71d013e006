/// Where a client asks what a token is worth. RFC 7662
struct IntrospectionEndpoint {
    static let path = "/introspect"

    let site: Site

    func answer(_ request: PracticeServer.Request) -> PracticeServer.Answer {
        guard request.method == "POST" else { return .notAllowed(only: "POST") }
        do throws(OAuthError) {
            let request = try ClientRequest(request, from: site.configuration.clients)
            return PracticeServer.Answer(json: .object(members(try request.required("token"))))
        } catch {
            return error.answer
        }
    }

    /// RFC 7662 §2.2: nothing but `active` about a token that is not.
    private func members(_ token: String) -> [(name: String, value: PracticeServer.JSON)] {
        if let grant = site.tokens.grant(of: token) {
            return members(of: grant.permission) + [
                ("token_type", "Bearer"), ("iat", .number(grant.issuedAt)),
                ("exp", .number(grant.expiresAt)),
            ]
        }
        guard site.sessions.isCurrent(token), let permission = site.sessions.permission(of: token)
        else { return [("active", false)] }
        return members(of: permission)
    }

    private func members(
        of permission: Permission
    ) -> [(name: String, value: PracticeServer.JSON)] {
        [
            ("active", true), ("client_id", .string(permission.client)),
            ("sub", .string(permission.subject)),
        ] + (permission.scope.map { [("scope", .string($0))] } ?? [])
    }
}
