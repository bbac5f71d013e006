import CredCore

extension EndpointLookup {
    /// How sending something to an endpoint ended.
    enum Reached<Answer: Sendable>: Sendable {
        case answered(Answer)
        case busy(String, retryAfter: Seconds?)
        /// The server has no such endpoint; why, in words.
        case nowhere(String)
        case failed(Failure)
    }

    /// Sends something to an endpoint that was looked for; where nothing is at an address that we
    /// only remembered, once more to the one that the server names now.
    ///
    /// - Parameter deadline: of `world.clock.uptime`, for finding the endpoint.
    func reach<Answer>(
        _ endpoint: ServerEndpoint, _ found: Outcome, deadline: Int64,
        _ send: (WebURL) -> Answer, isMisplaced: (Answer) -> Bool
    ) -> Reached<Answer> {
        var found = found
        if case .found(let url, let origin) = found {
            let answer = send(url)
            guard origin == .memory, isMisplaced(answer) else { return .answered(answer) }
            found = ask(endpoint, deadline: deadline)
        }
        return switch found {
        case .found(let url, _): .answered(send(url))
        case .busy(let reason, let retryAfter): .busy(reason, retryAfter: retryAfter)
        case .nowhere(let reason): .nowhere(reason)
        case .failed(let failure): .failed(failure)
        }
    }
}
