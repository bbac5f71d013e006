import CredCore
import CredOAuth

/// Asks a server what it makes of an access token, at the first place that tells us.
struct ServerInquiry: Sendable {
    let context: ProfileContext
    let client: OAuthClient
    let lookup: EndpointLookup

    private var choice: ProfileChoice { context.choice }
    private var world: World { context.world }

    /// What one place says.
    private enum Answer: Sendable {
        case told(ServerAnswer)
        /// There is no such place, or it does not tell us; why, in words.
        case passed(String)
    }

    /// Introspection; where the server has none or keeps it from this client, what is open to
    /// whoever holds a token.
    ///
    /// Fails with kind `.tryAgain` where the server is busy, and `.unavailable` where no place
    /// tells.
    /// - Parameter deadline: of `world.clock.uptime`.
    func run(_ authorization: Authorization, deadline: Int64) throws(Failure) -> ServerAnswer {
        var reasons: [String] = []
        for source in [ServerAnswer.Source.introspection, .tokeninfo, .userinfo] {
            switch try ask(source, authorization, deadline) {
            case .told(let answer): return answer
            case .passed(let reason): reasons.append(reason)
            case nil: continue
            }
        }
        throw Failure(
            .unavailable, "the server of profile '\(choice.profile.name)' tells nothing of tokens",
            because: reasons.joined(separator: "; "))
    }

    /// `nil`: the service is none that has this.
    private func ask(
        _ source: ServerAnswer.Source, _ authorization: Authorization, _ deadline: Int64
    ) throws(Failure) -> Answer? {
        let file = client.server.certificateAuthorityFile
        let show = { (url: WebURL) in
            TokenInquiry.show(
                authorization, at: url, certificateAuthorityFile: file, world: world,
                timeLimit: world.clock.timeLimit(until: deadline))
        }
        switch source {
        case .introspection:
            return try introspect(authorization.credential, deadline)
        case .tokeninfo:
            // The table's URLs are well formed, which a test checks.
            guard let text = KnownService.behind(client.server.identifier)?.tokenInfoEndpoint,
                let url = try? WebURL(text)
            else { return nil }
            return try answer(.answered(show(url)), source, authorization.credential) { $0 }
        case .userinfo:
            let found = lookup.run(.userinfo, deadline: deadline)
            let reached = lookup.reach(.userinfo, found, deadline: deadline, show) {
                $0.isMisplaced
            }
            return try answer(reached, source, authorization.credential) { $0 }
        }
    }

    private func introspect(_ token: Secret, _ deadline: Int64) throws(Failure) -> Answer {
        // Looked for first: the secret may have to come from a person's password manager.
        let found = lookup.run(.introspection, deadline: deadline)
        switch found {
        case .found: break
        case .nowhere(let reason): return .passed(reason)
        case .busy(let reason, _): throw busy(reason)
        case .failed(let failure): throw failure
        }
        let credential: ClientCredential
        do throws(Failure) {
            credential = try ClientSecret(context).credential(client)
        } catch {
            return .passed(error.asReason)
        }
        let reached = lookup.reach(.introspection, found, deadline: deadline) { url in
            TokenInquiry.introspect(
                token, as: credential, at: url,
                certificateAuthorityFile: client.server.certificateAuthorityFile, world: world,
                timeLimit: world.clock.timeLimit(until: deadline))
        } isMisplaced: {
            $0.isMisplaced
        }
        return try answer(reached, .introspection, token, credential.redacted)
    }

    /// - Parameter redact: takes out what else a server may repeat of what it was sent.
    private func answer(
        _ reached: EndpointLookup.Reached<TokenInquiry.Outcome>, _ source: ServerAnswer.Source,
        _ token: Secret, _ redact: (String) -> String
    ) throws(Failure) -> Answer {
        switch reached {
        case .answered(.active(let members)):
            var shown = members.mapStrings { redact($0).replacing(secret: token) }
            shown["active"] = nil
            return .told(ServerAnswer(source: source, isActive: true, members: shown))
        case .answered(.inactive):
            return .told(ServerAnswer(source: source, isActive: false, members: JSONObject()))
        case .answered(.refused(let rejection)), .answered(.misplaced(let rejection)):
            let reason = redact(rejection.reason).replacing(secret: token)
            return .passed("\(source.rawValue): \(reason)")
        case .answered(.unusable(let reason)): return .passed("\(source.rawValue): \(reason)")
        case .nowhere(let reason): return .passed(reason)
        case .busy(let reason, _), .answered(.busy(let reason)): throw busy(reason)
        case .failed(let failure), .answered(.failed(let failure)): throw failure
        }
    }

    private func busy(_ reason: String) -> Failure {
        Failure(
            .tryAgain, "cannot ask the server about the token of profile '\(choice.profile.name)'",
            because: reason, remedy: choice.command("inspect --remote"))
    }
}

extension TokenInquiry.Outcome {
    fileprivate var isMisplaced: Bool {
        if case .misplaced = self { true } else { false }
    }
}

extension JSONObject {
    /// The same members with every text in them, at whatever depth, changed.
    fileprivate func mapStrings(_ change: (String) -> String) -> JSONObject {
        JSONObject(lastOfEachName: members.map { Member($0.name, $0.value.mapStrings(change)) })
    }
}

extension JSONValue {
    fileprivate func mapStrings(_ change: (String) -> String) -> JSONValue {
        switch self {
        case .null, .bool, .number: self
        case .string(let text): .string(change(text))
        case .array(let elements): .array(elements.map { $0.mapStrings(change) })
        case .object(let object): .object(object.mapStrings(change))
        }
    }
}
