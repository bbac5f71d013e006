import Workbench

/// Tokens for a code. RFC 6749 §4.1.3, RFC 7636 §4.6
struct CodeGrant {
    let site: Site

    func members(_ request: ClientRequest) throws(OAuthError) -> TokenResponse.Members {
        let text = try request.required("code")
        let redirectURI = try request.required("redirect_uri")
        let verifier = try request.required("code_verifier")
        guard let code = site.codes.spend(text, of: request.client.name) else {
            throw .invalidGrant("the code is unknown")
        }
        guard !code.isSpent else {
            // RFC 6749 §4.1.2: whoever used it first may be a thief.
            site.sessions.end(code.permission.family)
            site.tokens.end(code.permission.family)
            throw .invalidGrant("the code is spent, and what it gave has ended")
        }
        guard site.clock.now < code.expiresAt else { throw .invalidGrant("the code is too old") }
        guard redirectURI.utf8.elementsEqual(code.request.redirectURI.utf8) else {
            throw .invalidGrant("redirect_uri differs from the authorization request")
        }
        guard (43...128).contains(verifier.utf8.count),
            verifier.utf8.allSatisfy(Form.isUnreserved)
        else { throw .invalidRequest("code_verifier is malformed") }
        guard try challenge(of: verifier) == code.request.challenge else {
            throw .invalidGrant("code_verifier does not fit the challenge")
        }
        return try TokenResponse(site).members(
            forLogin: code.permission, nonce: code.request.nonce)
    }

    private func challenge(of verifier: String) throws(OAuthError) -> String {
        let openssl = Command(
            "openssl", ["dgst", "-sha256", "-binary"], input: Array(verifier.utf8),
            among: site.children)
        do throws(Problem) {
            return Base64URL.encode(try openssl.output())
        } catch {
            throw .serverError(error)
        }
    }
}
