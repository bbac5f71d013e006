import CredCore

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
