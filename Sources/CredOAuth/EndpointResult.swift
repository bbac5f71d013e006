package import CredCore

/// The result of one request to an endpoint of an authorization server.
package enum EndpointResult<Value: Sendable>: Sendable {
    /// The server did what was requested.
    case success(Value)
    /// The server refused; the same request would be refused again.
    case rejected(OAuthRejection)
    /// The server has no such endpoint.
    case endpointMissing(MissingEndpoint)
    /// A temporary failure: the reason in words, and how long the server asks to wait.
    case busy(String, retryAfter: Seconds?)
    /// The answer lacks what it must contain; the reason in words.
    case unusable(String)
    /// The request was not sent, or cannot be sent safely.
    case failed(Failure)

    /// The same result with its value transformed.
    package func map<New>(_ transform: (Value) -> New) -> EndpointResult<New> {
        flatMap { .success(transform($0)) }
    }

    /// The result of `transform` for a success; any other result as it is.
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
}

extension EndpointResult: Equatable where Value: Equatable {}
extension EndpointResult: Hashable where Value: Hashable {}

/// Why an endpoint is considered missing.
package enum MissingEndpoint: Hashable, Sendable {
    /// The URL answered with HTTP status 404 or 405.
    case notFound(OAuthRejection)
    /// Neither the profile nor the server's metadata names a URL; the reason in words.
    case unnamed(String)
}

extension EndpointResult where Value == JSONObject {
    /// Sends a request and reads the JSON object of an answer with status 2xx.
    /// - Parameter timeLimit: in milliseconds.
    init(to request: HTTPRequest, world: World, timeLimit: Int64) {
        switch world.send(request, timeLimit: timeLimit) {
        case .unreachable(let reason), .interrupted(let reason):
            self = .busy(reason, retryAfter: nil)
        case .impossible(let failure): self = .failed(failure)
        case .answered(let response):
            self.init(
                response, from: request.url, sent: request.secrets, now: world.clock.now())
        }
    }

    /// - Parameters:
    ///   - url: the URL that answered; `nil` if it is not known.
    ///   - sent: the secrets to hide in texts of the server.
    init(_ response: HTTPResponse, from url: WebURL?, sent: SentSecrets, now: UnixTime) {
        // The error is ignored: a body that is not JSON is treated like one that is not an object.
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
        // Redirects are not followed: the secret would be sent to another address.
        case .redirect: self = .rejected(OAuthRejection(status: response.status))
        case .refused:
            let rejection = OAuthRejection(response.status, body, sent: sent)
            if let trouble = rejection.trouble {
                self = .busy(trouble, retryAfter: nil)
                return
            }
            let isMissing = rejection.code == nil && [404, 405].contains(response.status)
            self = isMissing ? .endpointMissing(.notFound(rejection)) : .rejected(rejection)
        }
    }

    /// Turns a success that contains an `error` into a rejection: some servers send errors with
    /// status 200.
    func rejectingErrors(status: Int = 200, sent: SentSecrets) -> EndpointResult {
        flatMap { answer in
            answer.namesError
                ? .rejected(OAuthRejection(status, answer, sent: sent)) : .success(answer)
        }
    }
}

/// What an HTTP status means for whether to try again.
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

    /// The seconds to wait, from a number or a date. RFC 9110 §10.2.3. At most an hour, because a
    /// mistake on the server must not stop a user's jobs for a week.
    private static func delay(_ text: String, now: UnixTime) -> Seconds? {
        let delay = Int64(digits: text.utf8) ?? UnixTime(httpDate: text, now: now).map { $0 - now }
        return delay.map { min(max($0, 0), 3600) }
    }
}

extension HTTPResponse {
    /// The message for an answer that is a web page, in one clause; `nil` if it is none.
    ///
    /// A network that requires a login (captive portal) answers like this in place of every server.
    /// Call it only for answers that are not a JSON object: some servers send JSON as `text/html`.
    /// - Parameter url: the URL that answered; `nil` if it is not known.
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
