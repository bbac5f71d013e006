package import CredCore
import CredOAuth

/// What a server says of an access token.
package struct ServerAnswer: Hashable, Sendable {
    /// Where it was asked.
    package enum Source: String, Hashable, Sendable {
        /// RFC 7662.
        case introspection
        /// Sentinel Hub's own.
        case tokeninfo
        /// OpenID Connect Core §5.3.
        case userinfo
    }

    package let source: Source
    package let isActive: Bool
    /// The answer without its `active`; empty for a token that the server does not take.
    package let members: JSONObject
}

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
            .unavailable,
            "cannot ask the server about the token of profile '\(choice.profile.name)'",
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
            return try answer(show(url), source)
        case .userinfo:
            let found = lookup.run(.userinfo, deadline: deadline)
            return try answer(
                lookup.reach(.userinfo, found, deadline: deadline, show), source)
        }
    }

    private func introspect(_ token: Secret, _ deadline: Int64) throws(Failure) -> Answer {
        // Looked for first: the secret may have to come from a person's password manager.
        let found = lookup.run(.introspection, deadline: deadline)
        guard case .success = found else {
            return try answer(found.map { _ in .inactive }, .introspection)
        }
        let credential: ClientCredential
        do throws(Failure) {
            credential = try ClientCredentialLoader(context).credential(client)
        } catch {
            return .passed(error.asReason)
        }
        let result = lookup.reach(.introspection, found, deadline: deadline) { url in
            TokenInquiry.introspect(
                token, as: credential, at: url,
                certificateAuthorityFile: client.server.certificateAuthorityFile, world: world,
                timeLimit: world.clock.timeLimit(until: deadline))
        }
        return try answer(result, .introspection)
    }

    private func answer(
        _ result: EndpointResult<TokenInquiry.Opinion>, _ source: ServerAnswer.Source
    ) throws(Failure) -> Answer {
        switch result {
        case .success(.active(var members)):
            members["active"] = nil
            return .told(ServerAnswer(source: source, isActive: true, members: members))
        case .success(.inactive):
            return .told(ServerAnswer(source: source, isActive: false, members: JSONObject()))
        case .rejected(let rejection), .endpointMissing(.notFound(let rejection)):
            return .passed("\(source.rawValue): \(rejection.reason)")
        case .unusable(let reason): return .passed("\(source.rawValue): \(reason)")
        case .endpointMissing(.unnamed(let reason)): return .passed(reason)
        case .busy(let reason, _): throw busy(reason)
        case .failed(let failure): throw failure
        }
    }

    private func busy(_ reason: String) -> Failure {
        Failure(
            .tryAgain, "cannot ask the server about the token of profile '\(choice.profile.name)'",
            because: reason, remedy: choice.command("inspect --remote"))
    }
}
