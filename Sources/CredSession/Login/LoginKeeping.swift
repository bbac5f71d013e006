package import CredCore
import CredOAuth
import CredSystem

/// The result of a login.
package struct LoggedIn: Sendable {
    package let profile: Profile
    /// The person's name according to the server; `nil` if it gives none, or if no person logged
    /// in.
    package let person: String?
    package let expiresAt: UnixTime?
    package let outlook: Outlook

    /// What happens when the token expires.
    package enum Outlook: Hashable, Sendable {
        case renewsItself
        case renewsItselfUntil(UnixTime)
        /// A person must log in again.
        case ends
        /// An API key, which does not expire.
        case lasts
    }

    package init(profile: Profile, person: String?, expiresAt: UnixTime?, outlook: Outlook) {
        self.profile = profile
        self.person = person
        self.expiresAt = expiresAt
        self.outlook = outlook
    }
}

/// Saves the result of a login. A failed save is an error, because the login took a person's time.
struct LoginKeeping: Sendable {
    let context: ProfileContext

    private var choice: ProfileChoice { context.choice }
    private var profile: ProfileName { context.profile }
    private var world: World { context.world }

    /// Checks, before the person does anything, that the result can be saved: that there is room,
    /// and that a file in its place is ours.
    ///
    /// Call it only with the lock of the login held: two at once would take each other's room.
    func checkRoom() throws(Failure) {
        let room = context.locations.folder(profile).loginRoom
        do {
            try DiskSpace.check(room, byteCount: Journal.roomByteCount)
            _ = try TokenFiles(keyOf: context).load(.countAsMissing)
        } catch {
            throw .notKept(choice, error)
        }
    }

    /// Saves the tokens from the server in place of an older login, which is then revoked.
    ///
    /// - Parameter nonce: the nonce that the ID token must contain; `nil` if none was sent.
    func keep(
        _ answer: TokenResponse, _ client: OAuthClient, _ credential: ClientCredential,
        issuer: ExpectedIssuer?, nonce: String? = nil
    ) throws(Failure) -> LoggedIn {
        let response = try checked(answer, client, issuer, nonce)
        let files = TokenFiles(context, client)
        let saved = try save(response, client, files)
        if let reason = saved.replaced?.survivor {
            world.voice.notice(
                "the login that this one replaces is still valid at its server: \(reason)")
        }
        saved.replaced?.revoke(client, credential, files)
        return loggedIn(saved.record, client, sent: response.sent)
    }

    /// The answer, without an ID token that must not be used.
    private func checked(
        _ answer: TokenResponse, _ client: OAuthClient, _ issuer: ExpectedIssuer?, _ nonce: String?
    ) throws(Failure) -> TokenResponse {
        // The claims are times of the server's clock.
        let now = world.clock.now() + (answer.clockDifference ?? 0)
        let clock = answer.clockDifference.map { "; \($0.asClockDifference)" } ?? ""
        switch IDToken.check(
            answer, issuer: issuer, clientID: client.clientID, nonce: nonce, now: now)
        {
        case .missing, .valid: return answer
        case .foreign(let reason): throw .loginRefused(choice, "invalid ID token: \(reason)")
        case .invalid(let reason):
            world.voice.notice("ignoring the server's ID token: \(reason)\(clock)")
            return answer.withoutIDToken
        }
    }

    private struct Saved: Sendable {
        let record: TokenRecord
        let replaced: ReplacedLogin?
    }

    private func save(_ response: TokenResponse, _ client: OAuthClient, _ files: TokenFiles)
        throws(Failure) -> Saved
    {
        let renewal = Renewal(context, client)
        let receivedAt = world.clock.now()
        let locking = try files.whileLocked(
            purpose: "saving the login of profile '\(profile)'",
            deadline: world.clock.uptime() + Renewal.lockTimeout
        ) { (locked) throws(Failure) -> Saved in
            let replaced = ReplacedLogin(by: response, client, locked)
            let record = renewal.record(
                response, at: receivedAt, replacing: try files.load(.countAsMissing), keeping: nil,
                locked)
            guard locked.save(record) != nil else { throw .noRoom(choice) }
            renewal.succeeded(response, locked)
            locked.removeBrake()
            warnOfLifelessToken(record, client)
            return Saved(record: record, replaced: replaced)
        }
        switch locking {
        case .done(let saved): return saved
        case .lockUnavailable(let failure): throw .notKept(choice, failure)
        case .busy(let holder):
            throw .lockHeld(
                "cannot save the login of profile '\(profile)'", by: holder,
                remedy: choice.loginCommand)
        }
    }

    /// Saves the members of an API key in `token.json`; members of other tools are kept.
    func keep(key members: JSONObject, of person: String?) throws(Failure) -> LoggedIn {
        let files = TokenFiles(keyOf: context)
        let locking = try files.whileLocked(
            purpose: "saving the API key of profile '\(profile)'",
            deadline: world.clock.uptime() + Renewal.lockTimeout
        ) { (locked) throws(Failure) -> Bool in
            try locked.save(key: members, replacing: try files.load(.countAsMissing))
            return true
        }
        switch locking {
        case .done:
            return LoggedIn(
                profile: choice.profile, person: person, expiresAt: nil, outlook: .lasts)
        case .lockUnavailable(let failure): throw .notKept(choice, failure)
        case .busy(let holder):
            throw .lockHeld("cannot save the API key of profile '\(profile)'", by: holder)
        }
    }

    /// The login that another process has just saved; `nil` if it is missing or has expired.
    func keptByOthers() -> LoggedIn? {
        guard case .oauth(let client) = choice.profile.method else {
            return LoggedIn(profile: choice.profile, person: nil, expiresAt: nil, outlook: .lasts)
        }
        // The error is ignored: a file that cannot be read contains no login.
        let record = try? TokenFiles(context, client).load(.countAsMissing)
        guard let record, let token = record.token, token.isAlive(at: world.clock.now()) else {
            return nil
        }
        return loggedIn(record, client, sent: record.secrets)
    }

    /// Warns of a token without a lifetime, after which another login is required.
    private func warnOfLifelessToken(_ record: TokenRecord, _ client: OAuthClient) {
        guard record.token?.lifetime == 0, RenewalGrant(client, record) == nil else { return }
        world.voice.notice(
            "the server does not say how long its token is valid, so it is used for an hour at most; "
                + "set it in the profile: \"planet_cred\": { \"default_lifetime\": 600 }")
    }

    private func loggedIn(
        _ record: TokenRecord, _ client: OAuthClient, sent: SentSecrets
    ) -> LoggedIn {
        let outlook: LoggedIn.Outlook =
            if let end = record.refreshTokenLife?.expiresAt {
                .renewsItselfUntil(end)
            } else if RenewalGrant(client, record) != nil {
                .renewsItself
            } else {
                .ends
            }
        return LoggedIn(
            profile: choice.profile, person: record.person(sent: sent),
            expiresAt: record.token?.knownExpiry, outlook: outlook)
    }
}

extension Failure {
    fileprivate static func noRoom(_ choice: ProfileChoice) -> Failure {
        Failure(
            .failed, "cannot save the login of profile '\(choice.profile.name)'",
            because: "its directory cannot be written, or the disk is full",
            remedy: "df ~/.planet")
    }

    static func notKept(_ choice: ProfileChoice, _ cause: Failure) -> Failure {
        Failure(
            .failed, "cannot save the login of profile '\(choice.profile.name)'",
            because: cause.asReason,
            remedy: cause.remedy ?? choice.lookAtFolder)
    }
}
