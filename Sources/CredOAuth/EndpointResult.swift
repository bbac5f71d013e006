package import CredCore

/// What an endpoint of an authorization server answers to one request.
package enum EndpointResult<Value: Sendable>: Sendable {
    /// The server did what it was asked to do.
    case success(Value)
    /// The server understood and said no; the same request will not fare better.
    case rejected(OAuthRejection)
    /// There is no such endpoint.
    case endpointMissing(MissingEndpoint)
    /// Worth another try; the reason in words, and after how long the server wants it.
    case busy(String, retryAfter: Seconds?)
    /// The answer does not hold what it should; why, in words.
    case unusable(String)
    /// The server was not asked, or cannot be talked to safely.
    case failed(Failure)

    /// The same answer with what `transform` makes of the value.
    package func map<New>(_ transform: (Value) -> New) -> EndpointResult<New> {
        flatMap { .success(transform($0)) }
    }

    /// What `transform` makes of the value; an answer without one stays as it is.
    package func flatMap<New>(_ transform: (Value) -> EndpointResult<New>) -> EndpointResult<New> {
        switch self {
        case .success(let value): transform(value)
        case .rejected(let rejection): .rejected(rejection)
        case .endpointMissing(let missing): .endpointMissing(missing)
        case .busy(let reason, let retryAfter): .busy(reason, retryAfter: retryAfter)
        case .unusable(let reason): .unusable(reason)
        case .failed(let failure): .failed(failure)
        }
    }

    /// The same, should the server have repeated secrets that it was sent.
    func hiding(_ secrets: [Secret]) -> EndpointResult {
        switch self {
        case .rejected(let rejection): .rejected(rejection.hiding(secrets))
        case .endpointMissing(.notFound(let rejection)):
            .endpointMissing(.notFound(rejection.hiding(secrets)))
        case .success, .endpointMissing(.unnamed), .busy, .unusable, .failed: self
        }
    }
}

extension EndpointResult: Equatable where Value: Equatable {}
extension EndpointResult: Hashable where Value: Hashable {}

/// How we know that there is no such endpoint.
package enum MissingEndpoint: Hashable, Sendable {
    /// 404 or 405: there is none at this address any more.
    case notFound(OAuthRejection)
    /// Nobody names an address, not even the server; why, in words.
    case unnamed(String)
}

extension EndpointResult where Value == JSONObject {
    /// The JSON object of an answer with status 2xx.
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
                body.map(EndpointResult.success)
                ?? .unusable(
                    response.webPage(from: url) ?? "the server's answer is not a JSON object")
        case .busy(let retryAfter):
            self = .busy(
                "the server answered with HTTP status \(response.status)", retryAfter: retryAfter)
        // A secret does not follow.
        case .redirect: self = .rejected(OAuthRejection(response.status, nil))
        case .refused:
            let rejection = OAuthRejection(response.status, body)
            if let trouble = rejection.trouble {
                self = .busy(trouble, retryAfter: nil)
                return
            }
            let isMissing = rejection.code == nil && [404, 405].contains(response.status)
            self = isMissing ? .endpointMissing(.notFound(rejection)) : .rejected(rejection)
        }
    }

    /// An error in a successful answer is a no, too: some servers say it with status 200.
    func rejectingErrors(status: Int = 200) -> EndpointResult {
        flatMap { answer in
            answer.namesError ? .rejected(OAuthRejection(status, answer)) : .success(answer)
        }
    }
}

/// What an HTTP status means for whether to ask again.
enum ResponseClass: Hashable, Sendable {
    case success
    case redirect
    /// Ask again later. RFC 6585 §4, RFC 9110 §15.6.
    case busy(retryAfter: Seconds?)
    case refused

    init(_ response: HTTPResponse, now: UnixTime) {
        switch response.status {
        case 200...299: self = .success
        case 300...399: self = .redirect
        case 408, 425, 429, 500...599:
            self = .busy(
                retryAfter: response.header("retry-after").flatMap { Self.delay($0, now: now) })
        default: self = .refused
        }
    }

    /// Seconds or a date, RFC 9110 §10.2.3; at most an hour, for a typing error at the server must
    /// not stop a user's jobs for a week.
    private static func delay(_ text: String, now: UnixTime) -> Seconds? {
        let delay = Int64(digits: text.utf8) ?? UnixTime(httpDate: text, now: now).map { $0 - now }
        return delay.map { min(max($0, 0), 3600) }
    }
}

extension HTTPResponse {
    /// Why a web page is no answer to us, in one clause; `nil` for what is no page.
    ///
    /// A network that wants a person to log in first answers so in place of every server. Only
    /// for answers that are no JSON object: some servers send theirs as `text/html`.
    /// - Parameter url: who was asked; `nil` if nobody knows any more.
    func webPage(from url: WebURL?) -> String? {
        let type = header("content-type")?.lowercased() ?? ""
        // White space, and a byte order mark.
        let start = body.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        guard type.utf8.starts(with: "text/html".utf8) || start == UInt8(ascii: "<") else {
            return nil
        }
        let server = url.map { "'\($0.withoutQuery)'" } ?? "the server"
        return "\(server) answered with a web page; the network may require you to log in first"
    }
}
