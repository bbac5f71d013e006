package import CredCore
import CredSystem

/// Why and until when no process may send another token request: the content of `token.backoff`.
package struct Backoff: Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
        /// The server was down or overloaded this many times in a row.
        case busy(failureCount: Int64)
        /// The server refused the request, or the refresh token, with this fingerprint. A different
        /// one may be sent at once.
        case refused(Refusal.Cause, request: String)
    }

    package let cause: Cause
    package let until: UnixTime
    /// One clause that says who said what, for messages.
    package let reason: String

    /// The backoff after a temporary failure: the server's `Retry-After`, else 4 s, doubled with
    /// every failure up to a minute. Long enough to spare a server in trouble, short enough to
    /// notice that it is back.
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

    /// The backoff after a refusal. A refused refresh token is remembered for as long as it is in
    /// the token file. A request that would be refused again is remembered for ten seconds: an
    /// array job that starts with a wrong secret sends one request, and a user who has just fixed
    /// something at the server hardly notices the delay. One that may succeed next time is
    /// remembered for one second, for the processes that waited for this one.
    package static func refused(_ refusal: Refusal, request: String, now: UnixTime) -> Backoff {
        let memory: Seconds =
            switch refusal.cause {
            case .client, .grant, .session: 10
            case .answer, .secret: 1
            }
        return Backoff(
            cause: .refused(refusal.cause, request: request), until: now + memory,
            reason: refusal.reason)
    }

    private var failureCount: Int64 {
        switch cause {
        case .busy(let count): count
        case .refused: 0
        }
    }

    /// Whether it is still in force. An end more than an hour ahead means that the clock was set
    /// back, so it no longer counts.
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
            // A damaged file may hold any number.
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
        return JSONValue.object(object.sorted).fileContent
    }
}

extension Backoff {
    /// Waits until the backoff ends, or fails if that is after the deadline.
    /// - Parameter deadline: of `world.clock.uptime`.
    func wait(until deadline: Int64, _ context: ProfileContext) throws(Failure) {
        let clock = context.world.clock
        let pause = (until - clock.now()) * 1000
        guard clock.uptime() + pause < deadline else {
            throw .backingOff(context.choice, self, clock.now())
        }
        context.world.pause(pause, because: reason)
    }

    /// Fails if the server has already refused a request with this fingerprint.
    func check(against fingerprint: (Refusal.Cause) -> String?, _ choice: ProfileChoice)
        throws(Failure)
    {
        guard case .refused(let cause, let refused) = cause, refused == fingerprint(cause) else {
            return
        }
        let memory = cause == .session ? "remembered until the next login" : "a moment ago"
        throw .refused(Refusal(cause, "\(reason) (\(memory))"), choice, .token)
    }
}

extension Failure {
    static func backingOff(_ choice: ProfileChoice, _ backoff: Backoff, _ now: UnixTime) -> Failure
    {
        let wait = max(backoff.until - now, 1)
        return Operation.token.failure(
            .tryAgain, choice,
            because:
                "\(backoff.reason); next attempt not before \(backoff.until.rfc3339) (in \(wait.inWords))",
            remedy: Operation.token.command(choice).map { "sleep \(wait); \($0)" })
    }
}
