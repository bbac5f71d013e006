import CredCore
import CredOAuth

/// The tokens in one file of the journal, whichever refresh token it answers.
struct SavedAnswer: Sendable {
    let path: String
    let refreshTokens: [Secret]
    let accessTokens: [Secret]
    /// When the access tokens expire; `nil` if that is unknown.
    let accessEnd: UnixTime?
    /// When the answer came.
    let receivedAt: UnixTime
    /// What the file is named after: identifies the answered refresh token and its party.
    private let fingerprint: String

    /// `nil` for a file without a token, such as the space for an answer that never came. Fails
    /// with kind `.failed` if the file cannot be read: it may contain a token.
    init?(_ path: String, _ journal: Journal) throws(Failure) {
        guard let recorded = try journal.recorded(path) else { return nil }
        let (bytes, receivedAt) = (recorded.bytes, recorded.receivedAt)
        func secrets(_ name: String) -> [Secret] {
            SalvagedText.strings(named: name, in: bytes).map { Secret($0) }
        }
        refreshTokens = secrets("refresh_token")
        accessTokens = secrets("access_token")
        if refreshTokens.isEmpty, accessTokens.isEmpty { return nil }
        self.path = path
        self.receivedAt = receivedAt
        let lifetime = SalvagedText.integer(named: "expires_in", in: bytes)
        accessEnd = lifetime.map { receivedAt + min($0, TokenResponse.longestLifetime) }
        fingerprint =
            path.utf8.lastIndex(of: UInt8(ascii: ".")).map {
                String(path[path.utf8.index(after: $0)...])
            } ?? ""
    }

    /// Whether this is the answer to the refresh token.
    func answers(_ refreshToken: Secret, _ binding: TokenBinding) -> Bool {
        fingerprint == binding.fingerprint(refreshToken)
    }

    /// Whether the answer came from the server that the profile names now. The name of the file
    /// says so: the configuration may have changed since, and may have been another file.
    func isFromSameParty(as binding: TokenBinding) -> Bool {
        binding.isSameParty(asFingerprint: fingerprint)
    }
}
