package import CredCore

/// Asking a server for the keys by which it signs. RFC 7517 §5.
package enum KeySetRequest {
    /// - Parameter timeLimit: in milliseconds.
    package static func run(
        at url: WebURL, certificateAuthorityFile: String?, world: World, timeLimit: Int64
    ) -> EndpointResult<[JSONWebKey]> {
        let request = HTTPRequest(
            .get, url, headers: [.acceptJSON], certificateAuthorityFile: certificateAuthorityFile)
        return EndpointResult(to: request, world: world, timeLimit: timeLimit).flatMap { document in
            JSONWebKey.keys(of: document).map(EndpointResult.success)
                ?? .unusable("'\(url.withoutQuery)' answers with something else than a set of keys")
        }
    }
}
