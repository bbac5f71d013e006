package import CredCore
import CredOAuth

/// A server's answer about an access token.
package struct ServerAnswer: Hashable, Sendable {
    /// The endpoint that answered.
    package enum Source: String, Hashable, Sendable {
        /// RFC 7662.
        case introspection
        /// Sentinel Hub's own endpoint.
        case tokeninfo
        /// OpenID Connect Core §5.3.
        case userinfo
    }

    package let source: Source
    package let isActive: Bool
    /// The answer without `active`; empty for a token that the server does not accept.
    package let members: JSONObject
}

/// Asks a server whether it accepts an access token, at the first endpoint that answers.
struct ServerInquiry: Sendable {
    let context: ProfileContext
    let client: OAuthClient
    let lookup: EndpointLookup
    /// The secrets to hide in texts of the server.
    let sent: SentSecrets

    private var choice: ProfileChoice { context.choice }
    private var world: World { context.world }

    /// The answer of one endpoint.
    private enum Answer: Sendable {
        case told(ServerAnswer)
        /// There is no such endpoint, or it does not answer this client; the reason in words.
        case passed(String)
    }

    /// Asks the introspection endpoint; if there is none, or it does not serve this client, the
    /// endpoints that serve every holder of a token.
    ///
    /// Fails with kind `.tryAgain` if the server is busy, and `.unavailable` if no endpoint
    /// answers.
    /// - Parameter deadline: in terms of `world.clock.uptime`.
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

    /// Asks the service's own endpoint; `nil` if it has none.
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
            // The error is ignored: a test checks that the built-in URLs are valid.
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
        // Checked first, because getting the secret may require a person's password manager.
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
            return .told(
                ServerAnswer(source: source, isActive: true, members: sent.hidden(in: members)))
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
