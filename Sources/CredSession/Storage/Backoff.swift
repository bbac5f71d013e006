package import CredCore
import CredSystem

/// What every process knows of a server that does not answer as it should: until when nobody asks.
package struct Backoff: Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
        /// The server is down or has too much to do, so many times in a row.
        case busy(failureCount: Int64)
        /// The server refused the request, or the session, with this fingerprint; another one may be
        /// asked at once.
        case refused(Refusal.Cause, request: String)
    }

    package let cause: Cause
    package let until: UnixTime
    /// In one clause, attributed.
    package let reason: String

    /// The server's own wish, else 4 s, doubled with every failure up to a minute: long enough to
    /// spare a server in trouble, short enough to notice that it is back.
    package static func busy(
        _ reason: String, retryAfter: Seconds?, after previous: Backoff?, now: UnixTime,
        jitter: (Int64) -> Int64
    ) -> Backoff {
        let count = (previous?.failureCount ?? 0) + 1
        let ceiling: Seconds = min(2 << min(count, 8), 60)
        return Backoff(
            cause: .busy(failureCount: count),
            until: now + (retryAfter ?? ceiling / 2 + jitter(ceiling / 2)), reason: reason)
    }

    /// A refused refresh token stays so: it is remembered for as long as it is there. Any other
    /// refusal is remembered for ten seconds: an array job that starts with a wrong secret asks
    /// once, and a person who has mended something at the server does not notice.
    package static func refused(_ refusal: Refusal, request: String, now: UnixTime) -> Backoff {
        Backoff(
            cause: .refused(refusal.cause, request: request), until: now + 10,
            reason: refusal.reason)
    }

    private var failureCount: Int64 {
        switch cause {
        case .busy(let count): count
        case .refused: 0
        }
    }

    /// Still in force. A refresh token that was refused stays so; else, more than an hour ahead is a
    /// clock that was set back.
    package func isActive(at now: UnixTime) -> Bool {
        if case .refused(.session, _) = cause { return true }
        return until > now && until - now <= 3600
    }
}

extension Backoff {
    init?(_ object: JSONObject) {
        guard let until = object["until"]?.integer else { return nil }
        if let cause = object["refusal"]?.string.flatMap(Refusal.Cause.init(rawValue:)),
            let request = object["request"]?.string
        {
            self.cause = .refused(cause, request: request)
        } else {
            // Whatever a broken file says must still be countable.
            let failureCount = object["failures"]?.integer ?? 1
            cause = .busy(failureCount: min(max(failureCount, 1), 1000))
        }
        self.until = UnixTime(until)
        reason = object["reason"]?.string ?? ""
    }

    var bytes: [UInt8] {
        var object: JSONObject = [
            "reason": .string(reason), "until": .integer(until.seconds),
        ]
        switch cause {
        case .busy(let count): object["failures"] = .integer(count)
        case .refused(let cause, let request):
            object["refusal"] = .string(cause.rawValue)
            object["request"] = .string(request)
        }
        return Array(JSONValue.object(object.sorted).text(.indented).utf8)
    }
}

extension Backoff {
    /// Waits for the end of the pause, or fails where that is after the deadline.
    /// - Parameter deadline: of `world.clock.uptime`.
    func wait(until deadline: Int64, _ context: ProfileContext) throws(Failure) {
        let clock = context.world.clock
        let pause = (until - clock.now()) * 1000
        guard clock.uptime() + pause < deadline else {
            throw .backingOff(context.choice, self, clock.now())
        }
        context.world.pause(pause, because: reason)
    }

    /// Fails where the same has been refused before.
    func check(against fingerprint: @autoclosure () -> String?, _ choice: ProfileChoice)
        throws(Failure)
    {
        guard case .refused(let cause, let refused) = cause, refused == fingerprint() else {
            return
        }
        let memory = cause == .session ? "which a login ends" : "a moment ago"
        throw .refused(Refusal(cause, "\(reason), \(memory)"), choice, .token)
    }
}

extension Failure {
    static func backingOff(_ choice: ProfileChoice, _ backoff: Backoff, _ now: UnixTime) -> Failure
    {
        let wait = max(backoff.until - now, 1)
        return Aim.token.failure(
            .tryAgain, choice,
            because:
                "\(backoff.reason); nobody asks again before \(backoff.until.rfc3339) (in \(wait.inWords))",
            remedy: Aim.token.command(choice).map { "sleep \(wait); \($0)" })
    }
}
