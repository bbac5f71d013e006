import CredCore

/// What an endpoint answers to one request, before anybody looks for more than an error in it.
enum EndpointAnswer: Hashable, Sendable {
    /// Status 2xx; the body's JSON object.
    case success(JSONObject)
    /// Status 2xx, and a body that is no JSON object; what it is, in words.
    case unreadable(String)
    /// The server understood and said no.
    case refused(OAuthRejection)
    /// 404 or 405: there is no such endpoint at this address any more.
    case misplaced(OAuthRejection)
    /// Worth another try; the reason in words, and when the server wants it.
    case busy(String, retryAfter: Seconds?)
    /// The server was not asked, or cannot be talked to safely.
    case failed(Failure)

    /// - Parameter timeLimit: in milliseconds.
    init(to request: HTTPRequest, world: World, timeLimit: Int64) {
        switch world.send(request, timeLimit: timeLimit) {
        case .unreachable(let reason), .interrupted(let reason):
            self = .busy(reason, retryAfter: nil)
        case .impossible(let failure): self = .failed(failure)
        case .answered(let response): self.init(response, from: request.url, now: world.clock.now())
        }
    }

    /// - Parameter url: who answered; `nil` if nobody knows any more.
    init(_ response: HTTPResponse, from url: WebURL?, now: UnixTime) {
        // A body that is no JSON object is one that nobody can read.
        let body = try? JSONValue(parsing: response.body).object
        switch ResponseClass(response, now: now) {
        case .success:
            self =
                body.map(Self.success)
                ?? .unreadable(
                    response.webPage(from: url) ?? "the server's answer is no JSON object")
        case .busy(let retryAfter):
            self = .busy(
                "the server answers with HTTP status \(response.status)", retryAfter: retryAfter)
        // A secret does not follow.
        case .redirect: self = .refused(OAuthRejection(response.status, nil))
        case .refused:
            let rejection = OAuthRejection(response.status, body)
            if let trouble = rejection.trouble {
                self = .busy(trouble, retryAfter: nil)
                return
            }
            let isMisplaced = rejection.code == nil && [404, 405].contains(response.status)
            self = isMisplaced ? .misplaced(rejection) : .refused(rejection)
        }
    }
}
