package import CredCore
import CredOAuth
import CredSystem

/// What is known of a profile's credential without asking a server.
package struct SessionStatus: Sendable {
    package enum State: Hashable, Sendable {
        /// The profile sends nothing.
        case notNeeded
        case missing
        case apiKey
        case valid
        /// Valid, but to be renewed.
        case ageing
        /// It has expired, or will before it can be used.
        case expired
        /// A server rejected it.
        case rejected
        /// The file cannot be used; the reason.
        case unusable(String)
    }

    package let state: State
    /// Whose credential it is; `nil` if there is none, or if it does not say.
    package let owner: Owner?
    /// Whether somebody must log in before the profile has a credential.
    package let needsLogin: Bool
    /// Why the saved login is not used, in words; `nil` if it is used, or if nothing is saved.
    package let foreign: String?
    package let expiresAt: UnixTime?
    package let path: String?
    package let refreshToken: RefreshToken
    package let scope: String?
    /// The backoff in force, if any.
    package let backoff: Backoff?
    /// Whether neither the server nor the profile says how long the token is valid.
    package private(set) var hasUnstatedLife = false
    /// How far the server's clock was ahead of ours, in seconds, when it issued the token; `nil` if
    /// they agreed.
    package private(set) var clockDifference: Seconds?
    /// That servers refused the last tokens, while no other one is requested.
    package internal(set) var brake: Brake?

    package enum RefreshToken: Hashable, Sendable {
        case none
        /// It is valid, until then if the server said so.
        case valid(until: UnixTime?)
        /// It was used, and the answer is in the journal; the next call recovers it.
        case answered
        /// The server refused it; in its words.
        case refused(String)
    }

    /// Whose credential it is.
    package enum Owner: Hashable, Sendable {
        /// The name of the person who logged in, as the server or the profile gives it.
        case person(String)
        /// The id of a client that acts for itself.
        case client(String)
        /// Of an API key its last characters, by which people tell their keys apart, empty for a
        /// short key; and the name of the person who got it by a login, if that is known.
        case key(ending: String, of: String?)
    }

    init(
        _ state: State, of owner: Owner? = nil, needsLogin: Bool = false, foreign: String? = nil,
        expiresAt: UnixTime? = nil, path: String? = nil, refreshToken: RefreshToken = .none,
        scope: String? = nil, backoff: Backoff? = nil
    ) {
        self.state = state
        self.owner = owner
        self.needsLogin = needsLogin
        self.foreign = foreign
        self.expiresAt = expiresAt
        self.path = path
        self.refreshToken = refreshToken
        self.scope = scope
        self.backoff = backoff
    }
}

extension SessionStatus {
    /// The status of a client whose tokens are saved in these files.
    /// - Parameter isCurrent: whether a backoff is about what the profile requests now.
    init(
        _ files: TokenFiles, _ client: OAuthClient, at now: UnixTime,
        isCurrent: (Backoff, TokenRecord?) -> Bool
    ) {
        let owner = Owner(configuredFor: client)
        var obstacle: Backoff?
        do throws(Failure) {
            let record = try files.load(.fail)
            obstacle = files.obstacle(for: record, at: now)
            if let backoff = obstacle, !isCurrent(backoff, record) { obstacle = nil }
            guard let record else {
                self.init(
                    .missing, of: owner, needsLogin: RenewalGrant(client, nil) == nil,
                    backoff: obstacle)
                return
            }
            var refreshToken = try RefreshToken(record, files.journal)
            if let refusal = obstacle, case .refused(.session, _) = refusal.cause {
                refreshToken = .refused(refusal.reason)
                obstacle = nil
            }
            let sent = record.secrets.adding(client.secrets)
            self.init(
                Self.state(record.token, at: now),
                of: client.grant == .clientCredentials
                    ? owner : record.person(sent: sent).map { .person($0) } ?? owner,
                needsLogin: Self.needsLogin(record, client, refreshToken, at: now),
                foreign: record.foreign,
                expiresAt: record.token?.knownExpiry,
                path: record.path,
                refreshToken: refreshToken,
                scope: record.members["scope"]?.string.map { sent.words($0, .list) },
                backoff: obstacle)
            clockDifference = record.clockDifference
            if case .unstated = record.token?.validity { hasUnstatedLife = true }
        } catch {
            self.init(
                .unusable(error.asReason), of: owner,
                needsLogin: error.kind == .loginRequired && RenewalGrant(client, nil) == nil,
                backoff: files.obstacle(for: nil, at: now))
        }
    }

    private static func needsLogin(
        _ record: TokenRecord, _ client: OAuthClient, _ refreshToken: RefreshToken,
        at now: UnixTime
    ) -> Bool {
        if let token = record.token, token.freshness(at: now, minimumLife: nil) != .expired {
            return false
        }
        return switch refreshToken {
        case .refused: true
        case .valid(.some(let end)): end <= now
        case .valid(nil), .answered: false
        case .none: RenewalGrant(client, record) == nil
        }
    }

    private static func state(_ token: Token?, at now: UnixTime) -> State {
        guard let token else { return .missing }
        if token.isRejected { return .rejected }
        return switch token.freshness(at: now, minimumLife: nil) {
        case .good: .valid
        case .ageing: .ageing
        case .expired: .expired
        }
    }
}

extension SessionStatus.Owner {
    /// The owner of what the client gets without a login; `nil` if it needs one.
    init?(configuredFor client: OAuthClient) {
        switch client.grant {
        case .clientCredentials: self = .client(client.clientID)
        case .password(let user):
            guard let name = user.username, user.password != nil else { return nil }
            self = .person(name)
        case .authorizationCode, .deviceCode: return nil
        }
    }

    /// Shows at most four characters, and never more than a third of the key.
    /// - Parameter record: the file that contains the key; `nil` if that is the profile.
    init(of key: Secret, _ record: TokenRecord?) {
        let characters = key.reveal().unicodeScalars
        var ending = String.UnicodeScalarView()
        ending.append(contentsOf: characters.suffix(min(4, characters.count / 3)))
        // Planet's login puts the key into a JWT about the person.
        let claims = record?.members["jwt"]?.string.flatMap { JWTClaims.unverified(Secret($0)) }
        let sent = record?.secrets.adding([key]) ?? .none
        self = .key(
            ending: String(ending), of: claims.flatMap { IDToken.person($0, sent: sent) })
    }
}

extension TokenRecord {
    /// The name of the person who logged in, from the claims of the tokens; `nil` if they give
    /// none.
    /// - Parameter sent: the secrets to hide in texts of the server.
    func person(sent: SentSecrets) -> String? {
        guard foreign == nil, token != nil || refreshToken != nil else { return nil }
        let claims = ["id_token", "access_token"].lazy.compactMap { name in
            members[name]?.string.flatMap { JWTClaims.unverified(Secret($0)) }
        }
        return claims.lazy.compactMap { IDToken.person($0, sent: sent) }.first
    }
}

extension SessionStatus.RefreshToken {
    fileprivate init(_ record: TokenRecord, _ journal: Journal) throws(Failure) {
        guard let refreshToken = record.refreshToken else {
            self = .none
            return
        }
        let isSaved =
            switch try journal.answer(to: refreshToken)?.content {
            case nil, .continued: true
            case .granted(let answer): answer.authorization == record.token?.authorization
            }
        self = isSaved ? .valid(until: record.refreshTokenLife?.expiresAt) : .answered
    }
}
