import Workbench

/// Makes successful answers of the token endpoint. RFC 6749 §5.1
struct TokenResponse {
    typealias Members = [(name: String, value: PracticeServer.JSON)]

    private let site: Site

    init(_ site: Site) { self.site = site }

    /// A new access token, and the refresh token if there is one.
    func members(
        for permission: Permission, refreshToken: String? = nil
    ) throws(OAuthError) -> Members {
        let token: String
        do { token = try site.tokens.issue(permission) } catch { throw .serverError(error) }
        var members: Members = [
            ("access_token", .string(token)),
            ("token_type", "Bearer"),
            ("expires_in", .number(site.configuration.tokenLifetime)),
        ]
        if let scope = permission.scope { members.append(("scope", .string(scope))) }
        if let refreshToken {
            members.append(("refresh_token", .string(refreshToken)))
            if let lifetime = site.configuration.refreshTokenLifetime {
                members.append(("refresh_expires_in", .number(lifetime)))
            }
        }
        return members
    }

    /// All that a login gives: also a refresh token, and an identity token where the scope has
    /// `openid`.
    func members(
        forLogin permission: Permission, nonce: String? = nil
    ) throws(OAuthError) -> Members {
        var members = try members(
            for: permission, refreshToken: site.sessions.start(permission))
        guard permission.scopes.contains("openid"), let person = permission.person else {
            return members
        }
        do throws(Problem) {
            let token = try IdentityToken(site: site).signed(for: permission, person, nonce: nonce)
            members.append(("id_token", .string(token)))
            return members
        } catch {
            throw .serverError(error)
        }
    }
}
