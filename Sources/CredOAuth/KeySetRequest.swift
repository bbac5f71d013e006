package import CredCore

/// Asking a server for the keys by which it signs. RFC 7517 §5.
package enum KeySetRequest {
    package enum Outcome: Hashable, Sendable {
        case found([JSONWebKey])
        /// 404 or 405: there are no keys at this address any more.
        case misplaced(OAuthRejection)
        /// Worth another try later; the reason in words.
        case busy(String)
        /// The answer holds no keys; why, in words.
        case unusable(String)
        /// The server was not asked, or cannot be talked to safely.
        case failed(Failure)
    }

    /// - Parameter timeLimit: in milliseconds.
    package static func run(
        at url: WebURL, certificateAuthorityFile: String?, world: World, timeLimit: Int64
    ) -> Outcome {
        let request = HTTPRequest(
            .get, url, headers: [.acceptJSON], certificateAuthorityFile: certificateAuthorityFile)
        switch EndpointAnswer(to: request, world: world, timeLimit: timeLimit) {
        case .success(let document):
            return JSONWebKey.keys(of: document).map(Outcome.found)
                ?? .unusable("'\(url.withoutQuery)' answers with something else than a set of keys")
        case .unreadable(let reason): return .unusable(reason)
        case .refused(let rejection): return .unusable(rejection.reason)
        case .misplaced(let rejection): return .misplaced(rejection)
        case .busy(let reason, _): return .busy(reason)
        case .failed(let failure): return .failed(failure)
        }
    }
}
