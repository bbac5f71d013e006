/// Tokens for a person's own password. RFC 6749 §4.3
struct PasswordGrant {
    let site: Site

    func members(_ request: ClientRequest) throws(OAuthError) -> TokenResponse.Members {
        let name = try request.required("username")
        let password = try request.required("password")
        guard site.configuration.people[name] == password else {
            throw .invalidGrant("wrong username or password")
        }
        let permission = Permission(
            client: request.client.name, scope: request["scope"], person: Person(email: name))
        return try TokenResponse(site).members(forLogin: permission)
    }
}
