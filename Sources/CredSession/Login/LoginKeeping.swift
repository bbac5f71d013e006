import CredCore
import CredOAuth
import CredSystem

extension Login {
    func cache(_ client: OAuthClient) -> TokenFiles {
        TokenFiles(context, client)
    }

    /// Saves what the server granted, in place of an older login. It was worth a person's time, so
    /// not being able to keep it is a failure.
    ///
    /// - Parameter nonce: what the ID token must carry; `nil` where none was sent.
    func keep(
        _ answer: TokenResponse, _ client: OAuthClient, issuer: ExpectedIssuer?,
        nonce: String? = nil
    ) throws(Failure) -> LoggedIn {
        var response = answer
        switch IDToken.check(
            answer, issuer: issuer, clientID: client.clientID, nonce: nonce, now: world.clock.now())
        {
        case .missing, .valid: break
        case .foreign(let reason): throw .loginRefused(choice, "the server's ID token: \(reason)")
        case .invalid(let reason):
            world.voice.notice("the server's ID token is neither used nor kept: \(reason)")
            response = response.withoutIDToken
        }
        let renewal = Renewal(context, client)
        let cache = cache(client)
        let receivedAt = world.clock.now()
        let locking = try cache.whileLocked(
            purpose: "keeping a login of '\(profile)'",
            deadline: world.clock.uptime() + Renewal.lockPatience
        ) { (locked) throws(Failure) -> TokenRecord in
            let file = renewal.record(
                response, at: receivedAt,
                replacing: try cache.load(.countAsMissing, minimumLife: nil), keeping: nil, locked)
            guard locked.save(file) != nil else { throw .noRoom(choice) }
            renewal.succeeded(response, after: locked.backoff, locked)
            warnOfLifelessToken(file, client)
            return file
        }
        switch locking {
        case .done(let file): return loggedIn(file)
        case .nowhere(let failure): throw .notKept(choice, failure)
        case .busy(let holder):
            throw .lockHeld(
                "cannot keep the login of profile '\(profile)'", by: holder,
                remedy: choice.loginCommand)
        }
    }

    /// A login would be followed by another one, for ever.
    private func warnOfLifelessToken(_ file: TokenRecord, _ client: OAuthClient) {
        guard file.token?.lifetime == 0, RenewalGrant(client, file) == nil else { return }
        world.voice.notice(
            "the server does not say how long its token is good, so it counts as spent; "
                + "say it in the profile: \"planet_cred\": { \"default_lifetime\": 600 }")
    }

    func loggedIn(_ file: TokenRecord) -> LoggedIn {
        let claims = ["id_token", "access_token"].lazy.compactMap { name in
            file.members[name]?.string.flatMap { JWTClaims.unverified(Secret($0)) }
        }
        let outlook: LoggedIn.Outlook
        if let end = file.refreshTokenLife?.expiresAt {
            outlook = .renewsItselfUntil(end)
        } else if case .oauth(let client) = choice.profile.method,
            RenewalGrant(client, file) != nil
        {
            outlook = .renewsItself
        } else {
            outlook = .ends
        }
        return LoggedIn(
            profile: choice.profile, person: claims.lazy.compactMap(IDToken.person).first,
            expiresAt: file.token?.knownExpiry, outlook: outlook)
    }
}

extension Failure {
    fileprivate static func noRoom(_ choice: ProfileChoice) -> Failure {
        Failure(
            .failed, "cannot keep the login of profile '\(choice.profile.name)'",
            because: "its folder takes no file: it is full, or not ours to write",
            remedy: "df ~/.planet")
    }
}
