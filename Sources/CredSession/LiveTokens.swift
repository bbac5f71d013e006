import CredCore
import CredOAuth

/// What the server of a profile could still be shown, each token once.
struct LiveTokens: Sendable {
    private(set) var refreshTokens: [Secret] = []
    private(set) var accessTokens: [Secret] = []
    /// When each access token expires, as far as it is known.
    private var accessEnds: [UnixTime?] = []
    /// There is one that this server may not be told, for it is another one's.
    private(set) var hasForeign = false

    var isEmpty: Bool { refreshTokens.isEmpty && accessTokens.isEmpty }

    /// When the last access token expires; `nil`: nobody knows.
    var accessEnd: UnixTime? {
        accessEnds.contains(nil) ? nil : accessEnds.compactMap(\.self).max()
    }

    /// By the clock none of them is good any more.
    func haveExpired(at now: UnixTime) -> Bool {
        refreshTokens.isEmpty && !hasForeign && accessEnd.map { $0 <= now } ?? false
    }

    /// Fails as `TokenCache.load` does.
    init(_ cache: TokenCache) throws(Failure) {
        for file in try cache.files(.fail) {
            let refreshToken = Self.secret(file.members["refresh_token"])
            let accessToken = Self.secret(file.members["access_token"])
            guard refreshToken != nil || accessToken != nil else { continue }
            guard file.mayBeShown(to: cache.binding) else {
                hasForeign = true
                continue
            }
            if let refreshToken {
                // The newest first: a server may know the older one no more.
                if let answer = cache.journal.answer(to: refreshToken)?.response {
                    add(answer.refreshToken, to: \.refreshTokens)
                    add(answer.authorization.credential, to: \.accessTokens)
                    accessEnds.append(nil)
                }
                add(refreshToken, to: \.refreshTokens)
            }
            add(accessToken, to: \.accessTokens)
            if accessToken != nil { accessEnds.append(file.token?.expiresAt) }
        }
    }

    private mutating func add(_ secret: Secret?, to list: WritableKeyPath<LiveTokens, [Secret]>) {
        guard let secret, !self[keyPath: list].contains(secret) else { return }
        self[keyPath: list].append(secret)
    }

    private static func secret(_ value: JSONValue?) -> Secret? {
        guard let text = value?.string, !text.isEmpty else { return nil }
        return Secret(text)
    }
}
