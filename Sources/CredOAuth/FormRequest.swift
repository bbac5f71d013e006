package import CredCore

extension HTTPRequest {
    /// A form for an endpoint of an authorization server, with the proof of who sends it.
    /// RFC 6749 §3.2 and §2.3.
    package static func form(
        _ fields: [FormField], as client: ClientCredential, to url: WebURL,
        certificateAuthorityFile: String?
    ) -> HTTPRequest {
        HTTPRequest(
            .post, url, headers: [.acceptJSON, .formContent] + client.headers,
            body: Secret(FormEncoding.encode(fields + client.fields)),
            certificateAuthorityFile: certificateAuthorityFile)
    }
}
