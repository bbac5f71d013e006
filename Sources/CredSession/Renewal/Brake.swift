package import CredCore

/// How many fresh tokens in a row were refused, and until when no other is requested: the content
/// of `token.refused`.
///
/// If a token is refused within a minute of its issue, another one will not help: the host wants
/// something else, or the client lacks a right. Programs that ask again after each refusal would
/// otherwise request tokens for ever.
package struct Brake: Hashable, Sendable {
    /// How many tokens in a row were refused, each within `freshAge` of its issue and each issued
    /// in place of the one before.
    package let count: Int64
    /// The host that refused the last one; `nil` if it is not known.
    package let host: String?
    /// No token is requested before this time.
    package let until: UnixTime
    /// What the profile requests: a changed profile starts anew.
    let profile: String

    /// How old a token may be that counts as fresh when it is refused, in seconds.
    static let freshAge: Seconds = 60
    /// How many fresh tokens in a row may be refused without consequences: one is revoked now and
    /// then, two are bad luck.
    static let limit: Int64 = 3
    /// The first pause, in seconds; each further refusal doubles it, up to the longest.
    private static let firstPause: Seconds = 60
    private static let longestPause: Seconds = 3600

    /// The state after a server refused this token; `nil` if it was not fresh, which ends the
    /// series.
    init?(
        refusalOf token: Token, by host: String?, profile: String, after previous: Brake?,
        at now: UnixTime
    ) {
        guard let start = token.receivedAt, (-Self.freshAge...Self.freshAge) ~= now - start
        else { return nil }
        let row = previous.flatMap { $0.profile == profile ? $0 : nil }
        count = min(row?.count ?? 0, 1000) + 1
        self.host = host ?? row?.host
        self.profile = profile
        let doublings = count - Self.limit
        until =
            doublings < 0
            ? now : now + Self.firstPause.doubled(doublings, upTo: Self.longestPause)
    }

    /// Whether it is in force. An end more than the longest pause ahead means that the clock was
    /// set back, so it no longer counts.
    package func isActive(at now: UnixTime) -> Bool {
        until > now && until - now <= Self.longestPause
    }

    /// What happened, in one clause.
    package func reason(_ name: ProfileName) -> String {
        let tokens = "\(count) fresh tokens"
        return host.map { "'\($0)' refused \(tokens) of profile '\(name)'" }
            ?? "\(tokens) of profile '\(name)' were refused"
    }
}

extension Brake {
    init?(_ object: JSONObject) {
        guard let count = object["refusals"]?.integer, let until = object["until"]?.integer,
            let profile = object["profile"]?.string
        else { return nil }
        // A damaged file may hold any number.
        self.count = min(max(count, 1), 1000)
        self.until = UnixTime(until)
        self.profile = profile
        host = object["host"]?.string
    }

    var bytes: [UInt8] {
        var object: JSONObject = [
            "profile": .string(profile), "refusals": .integer(count),
            "until": .integer(until.seconds),
        ]
        object["host"] = host.map(JSONValue.string)
        return JSONValue.object(object.sorted).fileContent
    }
}

extension Renewal {
    /// Records that a server refused the cached token, unless that is recorded already. Every way
    /// in which a refusal is reported leads here.
    /// - Parameter host: the host that refused it, if the caller knows.
    func note(refusalOf token: Token, by host: String?, _ locked: borrowing LockedFiles) {
        guard !token.isRejected else { return }
        let brake = Brake(
            refusalOf: token, by: host, profile: fingerprint(of: locked.files),
            after: locked.brake, at: world.clock.now())
        if let brake { locked.save(brake) } else { locked.removeBrake() }
    }

    /// Fails with kind `.tokensRefused` if no token may be requested now.
    func checkBrake(_ locked: borrowing LockedFiles) throws(Failure) {
        let now = world.clock.now()
        if let brake = brake(locked.files, at: now) { throw .tokensRefused(choice, brake, now) }
    }

    /// The brake in force; `nil` if there is none.
    func brake(_ files: TokenFiles, at now: UnixTime) -> Brake? {
        guard let brake = files.brake, brake.isActive(at: now),
            brake.profile == fingerprint(of: files)
        else { return nil }
        return brake
    }

    /// Identifies what the profile requests, and from whom.
    private func fingerprint(of files: TokenFiles) -> String {
        // The error is ignored: it is reported when a request is made.
        let distinction = try? ClientCredentialLoader(context).distinction(client)
        let fields = RenewalGrant(client, nil)?.fields(client) ?? []
        let endpoints = files.binding.endpoints.members.map {
            "\($0.name)=\($0.value.string ?? "")"
        }
        let parts =
            [files.binding.text, distinction?.reveal() ?? ""] + endpoints
            + fields.map { "\($0.name)=\($0.value)" }
        return Secret(parts.joined(separator: "\n")).fingerprint
    }
}

extension Failure {
    fileprivate static func tokensRefused(
        _ choice: ProfileChoice, _ brake: Brake, _ now: UnixTime
    ) -> Failure {
        let wait = (brake.until - now).inWords
        return Operation.token.failure(
            .tokensRefused, choice,
            because:
                "\(brake.reason(choice.profile.name)); next attempt not before \(brake.until.rfc3339) (in \(wait))",
            remedy: choice.command("inspect"))
    }
}
