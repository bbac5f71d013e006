package import CredCore
package import CredSession

/// The report of `status`.
package struct StatusReport: Sendable {
    let choice: ProfileChoice
    /// The sources that would otherwise have selected the profile.
    let hidden: [ProfileSource]
    let status: SessionStatus
    let now: UnixTime
    let page: ReportPage

    package init(
        choice: ProfileChoice, hidden: [ProfileSource], status: SessionStatus, now: UnixTime,
        page: ReportPage = .plain
    ) {
        self.choice = choice
        self.hidden = hidden
        self.status = status
        self.now = now
        self.page = page
    }

    package func text(_ layout: ReportLayout) -> String {
        layout.text(rows: profileRows + credentialRows, object: object, on: page)
    }

    private var profileRows: [ReportRow] {
        var rows = [
            ReportRow("profile", choice.profile.name.description),
            ReportRow("who", status.who ?? "nobody", status.needsLogin ? .needed : .none),
            ReportRow("chosen by", choice.source.description),
        ]
        if !hidden.isEmpty {
            let sources = hidden.map { $0.description }.joined(separator: ", ")
            rows.append(ReportRow("overrides", sources))
        }
        if let path = choice.path { rows.append(ReportRow("configured in", path)) }
        rows.append(ReportRow("method", choice.profile.method.words))
        if let client { rows.append(ReportRow("server", client.server.identifier)) }
        if let client { rows.append(ReportRow("client", client.clientID)) }
        let hosts = choice.profile.hosts.map { $0.text }.joined(separator: ", ")
        rows.append(
            hosts.isEmpty
                ? ReportRow("hosts", "none (git gets no credential)", .needed)
                : ReportRow("hosts", hosts))
        return rows
    }

    private var credentialRows: [ReportRow] {
        var rows = [
            ReportRow(
                "credential", credential,
                status.needsLogin ? .needed : status.state.emphasis)
        ]
        if let difference = status.clockDifference {
            rows.append(ReportRow("clock", difference.asClockDifference, .wrong))
        }
        if let refreshToken {
            let isRefused = if case .refused = status.refreshToken { true } else { false }
            rows.append(ReportRow("refresh token", refreshToken, isRefused ? .wrong : .none))
        }
        if let place {
            rows.append(ReportRow(status.state == .apiKey ? "kept in" : "cached in", place))
        }
        if let loginCommand { rows.append(ReportRow("log in with", command: loginCommand)) }
        if let obstacle { rows.append(obstacle) }
        if let warning = choice.warning { rows.append(ReportRow("warning", warning, .wrong)) }
        return rows
    }

    /// Why no token is requested now; `nil` if one may be.
    private var obstacle: ReportRow? {
        if let brake = status.brake {
            let reason = brake.reason(choice.profile.name)
            return ReportRow("backing off", "until \(page.text(brake.until)): \(reason)", .wrong)
        }
        guard let backoff = status.backoff else { return nil }
        if case .refused(.password, _) = backoff.cause {
            let reason = "\(backoff.reason) (remembered until the profile changes)"
            return ReportRow("refused", reason, .wrong)
        }
        let reason = "until \(page.text(backoff.until)): \(backoff.reason)"
        return ReportRow("backing off", reason, .wrong)
    }

    private var unstatedLife: String {
        let state = status.state == .expired ? "expired by our own rule" : "valid as far as we know"
        return
            "\(state): the server gave no lifetime, so it is used until a server rejects it, for an hour at most"
    }

    private var credential: String {
        if status.hasUnstatedLife, status.state != .rejected { return unstatedLife }
        let end = status.expiresAt.map { "\(page.text($0)) (in \(($0 - now).inWords))" }
        return switch status.state {
        case .notNeeded: "none needed"
        case .missing: status.foreign.map { "not used: \($0)" } ?? "none yet"
        case .apiKey: "an API key"
        case .valid: end.map { "valid until \($0)" } ?? "valid, expiry unknown"
        case .ageing: "valid until \(end ?? ""), due for renewal"
        case .expired: "expired\(status.expiresAt.map { " \(page.text($0))" } ?? "")"
        case .rejected: "rejected by a server"
        case .unusable(let reason): reason
        }
    }

    /// Where the credential is kept; `nil` if there is none.
    private var place: String? {
        switch status.state {
        case .apiKey: status.path ?? choice.path ?? choice.source.description
        case .notNeeded, .missing, .valid, .ageing, .expired, .rejected, .unusable: status.path
        }
    }

    /// The command that logs in, if somebody has to.
    private var loginCommand: String? {
        if status.foreign != nil { return choice.loginBesideOthers }
        return status.needsLogin ? choice.loginCommand : nil
    }

    /// The row about the refresh token; `nil` if there is none.
    private var refreshToken: String? {
        switch status.refreshToken {
        case .none: nil
        case .valid(until: nil): "yes"
        case .valid(.some(let end)):
            end > now
                ? "valid until \(page.text(end)) (in \((end - now).inWords))"
                : "expired \(page.text(end))"
        case .answered: "its renewal was interrupted; the next call will finish it"
        case .refused(let reason): reason
        }
    }

    var object: JSONObject {
        var object: JSONObject = [
            "profile": .string(choice.profile.name.description),
            "chosen_by": .string(choice.source.description),
            "hides": .array(hidden.map { .string($0.description) }),
        ]
        object["who"] = status.who.map(JSONValue.string) ?? .null
        object["path"] = choice.path.map(JSONValue.string)
        object["method"] = .string(choice.profile.method.words)
        object["server"] = client.map { .string($0.server.identifier) }
        object["client_id"] = client.map { .string($0.clientID) }
        object["hosts"] = .array(choice.profile.hosts.map { .string($0.text) })
        var credential: JSONObject = ["state": .string(status.state.word)]
        credential["expires_at"] = status.expiresAt.map { .integer($0.seconds) }
        credential["expires_in"] = status.expiresAt.map { .integer($0 - now) }
        credential["path"] = status.path.map(JSONValue.string)
        if status.state == .apiKey { credential["kept_in"] = place.map(JSONValue.string) }
        credential["scope"] = status.scope.map(JSONValue.string)
        credential["refresh_token"] = .bool(status.refreshToken != .none)
        switch status.refreshToken {
        case .none, .answered: break
        case .valid(let end):
            credential["refresh_token_expires_at"] = end.map { .integer($0.seconds) }
        case .refused(let reason): credential["refresh_token_refused"] = .string(reason)
        }
        credential["clock_difference"] = status.clockDifference.map(JSONValue.integer)
        credential["not_used"] = status.foreign.map(JSONValue.string)
        object["credential"] = .object(credential)
        object["needs_login"] = .bool(status.needsLogin)
        object["login_command"] = loginCommand.map(JSONValue.string)
        object["backing_off_until"] = (status.brake?.until ?? status.backoff?.until)
            .map { .integer($0.seconds) }
        object["warning"] = choice.warning.map(JSONValue.string)
        return object
    }

    private var client: OAuthClient? {
        if case .oauth(let client) = choice.profile.method { client } else { nil }
    }
}

extension SessionStatus {
    /// Whose credential it is, in words; `nil` if there is none.
    var who: String? {
        switch (owner, state) {
        case (.person(let name), _): name
        case (.client(let id), _): "client \(id)"
        case (.key(let ending, let person), _):
            (person.map { "\($0), " } ?? "")
                + (ending.isEmpty ? "an API key" : "API key ending in \(ending)")
        case (nil, .notNeeded), (nil, .missing), (nil, .unusable): nil
        case (nil, .apiKey), (nil, .valid), (nil, .ageing), (nil, .expired), (nil, .rejected):
            "unknown (the token does not say)"
        }
    }
}

extension SessionStatus.State {
    /// The word in JSON, which never changes.
    var word: String {
        switch self {
        case .notNeeded: "not_needed"
        case .missing: "missing"
        case .apiKey: "api_key"
        case .valid: "good"
        case .ageing: "ageing"
        case .expired: "spent"
        case .rejected: "rejected"
        case .unusable: "unusable"
        }
    }

    var emphasis: ReportRow.Emphasis {
        switch self {
        case .notNeeded, .missing, .apiKey, .valid, .ageing, .expired: .none
        case .rejected, .unusable: .wrong
        }
    }
}

extension Profile.Method {
    var words: String {
        switch self {
        case .none: "none"
        case .apiKey: "API key"
        case .legacy: "API key by e-mail and password"
        case .validator: "checks tokens of others"
        case .oauth(let client):
            switch client.grant {
            case .authorizationCode: "authorization code (browser)"
            case .deviceCode: "device code"
            case .clientCredentials: "client credentials"
            case .password: "password"
            }
        }
    }
}
