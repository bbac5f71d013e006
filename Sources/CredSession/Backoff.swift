package import CredCore
import CredSystem

/// What every process knows of a server that does not answer as it should: until when nobody asks.
package struct Backoff: Hashable, Sendable {
    package enum Cause: String, Hashable, Sendable {
        /// The server is down or has too much to do.
        case busy
        /// The server refused this very request.
        case rejected
    }

    package let cause: Cause
    package let until: UnixTime
    /// In the server's or the system's words.
    package let reason: String
    /// How many times in a row.
    package let failureCount: Int64
    /// The fingerprint of the request that was refused; another request may be asked at once.
    package let request: String?

    /// The server's own wish, else 4 s, doubled with every failure up to a minute: long enough to
    /// spare a server in trouble, short enough to notice that it is back.
    package static func busy(
        _ reason: String, retryAfter: Seconds?, after previous: Backoff?, now: UnixTime,
        jitter: (Int64) -> Int64
    ) -> Backoff {
        let count = (previous?.cause == .busy ? previous?.failureCount ?? 0 : 0) + 1
        let ceiling: Seconds = min(2 << min(count, 8), 60)
        return Backoff(
            cause: .busy, until: now + (retryAfter ?? ceiling / 2 + jitter(ceiling / 2)),
            reason: reason, failureCount: count, request: nil)
    }

    /// A refusal is remembered for ten seconds: an array job that starts with a wrong secret asks
    /// once, and a person who has mended something at the server does not notice.
    package static func rejected(_ reason: String, request: String, now: UnixTime) -> Backoff {
        Backoff(
            cause: .rejected, until: now + 10, reason: reason, failureCount: 1, request: request)
    }

    /// Still in force. More than an hour ahead is a clock that was set back.
    package func isActive(at now: UnixTime) -> Bool {
        until > now && until - now <= 3600
    }
}

extension Backoff {
    init?(_ object: JSONObject) {
        guard let cause = object["cause"]?.string.flatMap(Cause.init(rawValue:)),
            let until = object["until"]?.integer
        else { return nil }
        self.init(
            cause: cause, until: UnixTime(until), reason: object["reason"]?.string ?? "",
            failureCount: object["failures"]?.integer ?? 1, request: object["request"]?.string)
    }

    var bytes: [UInt8] {
        var object: JSONObject = [
            "cause": .string(cause.rawValue),
            "failures": .integer(failureCount),
            "reason": .string(reason),
            "until": .integer(until.seconds),
        ]
        object["request"] = request.map(JSONValue.string)
        return Array(JSONValue.object(object).text(.indented).utf8)
    }
}

extension TokenCache {
    /// What the last failure left, in force or not.
    package var backoff: Backoff? {
        for place in places {
            guard
                case .content(let content) = File.read("\(place.folder)/token.backoff", .ownFile),
                // A broken record is no record.
                let object = try? JSONValue(parsing: content.bytes).object
            else { continue }
            return Backoff(object)
        }
        return nil
    }
}
