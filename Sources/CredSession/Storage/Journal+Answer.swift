import CredCore
import CredOAuth
import CredSystem

/// Reading what the journal holds.
extension Journal {
    /// The answer to a refresh token, which must not be sent again.
    struct Answer: Sendable {
        let content: Content
        let receivedAt: UnixTime
        let path: String

        enum Content: Sendable {
            case granted(TokenResponse)
            /// No usable access token, but the next refresh token.
            case continued(by: Secret)
        }

        /// The refresh token that replaces the answered one; `nil` if the answer contains none.
        var successor: Secret? {
            switch content {
            case .granted(let response): response.refreshToken
            case .continued(let next): next
            }
        }
    }

    /// The answer to a refresh token, if it contains a token.
    func answer(to refreshToken: Secret) -> Answer? {
        var continued: Answer?
        for path in [pending(refreshToken), saved(refreshToken)] {
            guard case .content(let content) = File.read(path, .ownFile),
                let response = HTTPResponse(wire: ReservedFile.content(of: content.bytes))
            else { continue }
            let receivedAt = content.modifiedAt
            if case .success(let grant) = TokenEndpoint.result(response, now: receivedAt) {
                return Answer(content: .granted(grant), receivedAt: receivedAt, path: path)
            }
            if continued == nil,
                let next = TokenEndpoint.refreshToken(in: response, now: receivedAt)
            {
                continued = Answer(
                    content: .continued(by: next), receivedAt: receivedAt, path: path)
            }
        }
        return continued
    }
}
