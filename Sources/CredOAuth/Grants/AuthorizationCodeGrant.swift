package import CredCore

/// A code from the authorization endpoint for a token. RFC 6749 §4.1.3, RFC 7636 §4.5.
package enum AuthorizationCodeGrant {
    package static func fields(_ code: Secret, _ request: AuthorizationRequest) -> [FormField] {
        [
            FormField("grant_type", "authorization_code"),
            FormField("code", code.reveal()),
            FormField("redirect_uri", request.redirectURI),
            FormField("code_verifier", request.proof.verifier.reveal()),
        ]
    }
}
