import CredCore
import CredOAuth
import CredSystem

/// Reads the answers in the journal.
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

    /// The answer to a refresh token, if it contains a token; `nil` if there is none.
    ///
    /// Fails with kind `.failed` if there is an answer that cannot be read now: the refresh token
    /// must not be sent, because it may be answered.
    func answer(to refreshToken: Secret) throws(Failure) -> Answer? {
        var continued: Answer?
        // An unread one may be readable by this version, or have an access token.
        for path in [path(refreshToken)] + unreadPlaces(refreshToken) {
            guard let recorded = try recorded(path),
                let response = HTTPResponse(wire: recorded.bytes)
            else { continue }
            let receivedAt = recorded.receivedAt
            if case .success(let grant) = TokenEndpoint.result(
                response, typedAs: binding.tokenType, sent: SentSecrets([refreshToken]),
                now: receivedAt)
            {
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

    /// What curl has written for a refresh token so far; `nil` if nobody has claimed it. Fails as
    /// `answer` does.
    func recorded(for refreshToken: Secret) throws(Failure) -> Recorded? {
        try recorded(path(refreshToken))
    }

    /// What curl wrote into a file of the journal, and when.
    struct Recorded: Sendable {
        let bytes: [UInt8]
        let receivedAt: UnixTime

        /// Whether it is a whole answer with status 2xx, of which the caller has made all that can
        /// be made: nobody waits for another one. After any other status its process may try again.
        var isUselessSuccess: Bool {
            guard let response = HTTPResponse(wire: bytes), (200...299) ~= response.status else {
                return false
            }
            // The error is ignored: such an answer may have the token nevertheless.
            if (try? JSONValue(parsing: response.body)) != nil { return true }
            let damaged = DamagedAnswer(response.body, isComplete: response.isComplete)
            return damaged?.secret("refresh_token") != nil
        }
    }

    /// `nil` if there is no such file, or one that is not ours.
    func recorded(_ path: String) throws(Failure) -> Recorded? {
        switch File.read(path, .ownFile, limit: HTTPResponse.maximumByteCount) {
        case .missing, .refused: nil
        case .unreadable(let reason): throw .unreadableAnswer(path, reason)
        case .content(let content):
            Recorded(
                bytes: ReservedFile.answer(in: content.bytes), receivedAt: content.modifiedAt)
        }
    }
}

extension Failure {
    fileprivate static func unreadableAnswer(_ path: String, _ reason: String) -> Failure {
        Failure(
            .failed, "cannot read '\(path)'", because: reason, remedy: "ls -l \(path.shellQuoted)")
    }
}
