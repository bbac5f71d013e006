package import CredCore
package import CredSession
import CredSystem

/// Shows which profile is used, why, and how long its credential is valid. Sends no request.
struct StatusCommand: Sendable {
    let context: CommandContext
    let layout: ReportLayout

    func run() throws(Failure) {
        let choice = try context.selection.choose()
        let report = StatusReport(
            choice: choice, hidden: context.selection.hidden(by: choice),
            status: context.session(choice).status(), now: context.world.clock.now())
        try StandardStreams.write(Secret(report.text(layout)))
    }
}

/// The report of `status`.
package struct StatusReport: Sendable {
    let choice: ProfileChoice
    /// The sources that would otherwise have selected the profile.
    let hidden: [ProfileSource]
    let status: SessionStatus
    let now: UnixTime

    package init(
        choice: ProfileChoice, hidden: [ProfileSource], status: SessionStatus, now: UnixTime
    ) {
        self.choice = choice
        self.hidden = hidden
        self.status = status
        self.now = now
    }

    package func text(_ layout: ReportLayout) -> String {
        layout.text(rows: rows, object: object)
    }

    private var rows: [(String, String)] {
        var rows: [(String, String)] = [
            ("profile", choice.profile.name.description),
            ("chosen by", choice.source.description),
        ]
        if !hidden.isEmpty {
            rows.append(("overrides", hidden.map { $0.description }.joined(separator: ", ")))
        }
        if let path = choice.path { rows.append(("configured in", path)) }
        rows.append(("method", choice.profile.method.words))
        if let client { rows.append(("server", client.server.identifier)) }
        if let client { rows.append(("client", client.clientID)) }
        let hosts = choice.profile.hosts.map { $0.text }.joined(separator: ", ")
        rows.append(("hosts", hosts.isEmpty ? "none (git gets no credential)" : hosts))
        rows.append(("credential", credential))
        if let refreshToken { rows.append(("refresh token", refreshToken)) }
        if let path = status.path { rows.append(("cached in", path)) }
        if let backoff = status.backoff {
            rows.append(("backing off", "until \(backoff.until.rfc3339): \(backoff.reason)"))
        }
        if let warning = choice.warning { rows.append(("warning", warning)) }
        return rows
    }

    private var credential: String {
        let end = status.expiresAt.map { "\($0.rfc3339) (in \(($0 - now).inWords))" }
        return switch status.state {
        case .notNeeded: "none needed"
        case .missing: unused.map { "not used: \($0)" } ?? "none yet"
        case .apiKey: "an API key"
        case .good: end.map { "valid until \($0)" } ?? "valid, expiry unknown"
        case .ageing: "valid until \(end ?? ""), due for renewal"
        case .spent: "expired\(status.expiresAt.map { " \($0.rfc3339)" } ?? "")"
        case .rejected: "rejected by a server"
        case .unusable(let reason): reason
        }
    }

    /// Why the saved login is not used, and how to get another.
    private var unused: String? {
        status.foreign.map { reason in
            choice.loginBesideOthers.map { "\(reason); try: \($0)" } ?? reason
        }
    }

    /// The row about the refresh token; `nil` if there is none.
    private var refreshToken: String? {
        switch status.refreshToken {
        case .none: nil
        case .good(until: nil): "yes"
        case .good(.some(let end)):
            end > now
                ? "valid until \(end.rfc3339) (in \((end - now).inWords))"
                : "expired \(end.rfc3339)"
        case .answered: "its renewal was interrupted; the next call will finish it"
        case .refused(let reason):
            choice.loginCommand.map { "\(reason); try: \($0)" } ?? reason
        }
    }

    private var object: JSONObject {
        var object: JSONObject = [
            "profile": .string(choice.profile.name.description),
            "chosen_by": .string(choice.source.description),
            "hides": .array(hidden.map { .string($0.description) }),
        ]
        object["path"] = choice.path.map(JSONValue.string)
        object["method"] = .string(choice.profile.method.words)
        object["server"] = client.map { .string($0.server.identifier) }
        object["client_id"] = client.map { .string($0.clientID) }
        object["hosts"] = .array(choice.profile.hosts.map { .string($0.text) })
        var credential: JSONObject = ["state": .string(status.state.word)]
        credential["expires_at"] = status.expiresAt.map { .integer($0.seconds) }
        credential["expires_in"] = status.expiresAt.map { .integer($0 - now) }
        credential["path"] = status.path.map(JSONValue.string)
        credential["scope"] = status.scope.map(JSONValue.string)
        credential["refresh_token"] = .bool(status.refreshToken != .none)
        switch status.refreshToken {
        case .none, .answered: break
        case .good(let end):
            credential["refresh_token_expires_at"] = end.map { .integer($0.seconds) }
        case .refused(let reason): credential["refresh_token_refused"] = .string(reason)
        }
        credential["not_used"] = status.foreign.map(JSONValue.string)
        object["credential"] = .object(credential)
        object["backing_off_until"] = status.backoff.map { .integer($0.until.seconds) }
        object["warning"] = choice.warning.map(JSONValue.string)
        return object
    }

    private var client: OAuthClient? {
        if case .oauth(let client) = choice.profile.method { client } else { nil }
    }
}

extension SessionStatus.State {
    /// The word in JSON, which never changes.
    fileprivate var word: String {
        switch self {
        case .notNeeded: "not_needed"
        case .missing: "missing"
        case .apiKey: "api_key"
        case .good: "good"
        case .ageing: "ageing"
        case .spent: "spent"
        case .rejected: "rejected"
        case .unusable: "unusable"
        }
    }
}

extension Profile.Method {
    fileprivate var words: String {
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
