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
    /// How many times in a row the same request was refused; 0 for a server that was busy.
    package private(set) var refusalCount: Int64 = 0
    /// The fingerprint of the refused request as it was sent, if its secret came from a command,
    /// which may print another one the next time.
    private(set) var sent: String?

    private init(_ cause: Cause, until: UnixTime, _ reason: String) {
        self.cause = cause
        self.until = until
        self.reason = reason
    }

    /// The backoff after a temporary failure: the server's `Retry-After`, else 4 s, doubled with
    /// every failure up to a minute. Long enough to spare a server in trouble, short enough to
    /// notice that it is back.
    package static func busy(
        _ reason: String, retryAfter: Seconds?, after previous: Backoff?, now: UnixTime,
        jitter: (Int64) -> Int64
    ) -> Backoff {
        let count = (previous?.failureCount ?? 0) + 1
        let ceiling = Seconds(2).doubled(count, upTo: 60)
        return Backoff(
            .busy(failureCount: count),
            until: now + (retryAfter ?? ceiling / 2 + jitter(ceiling / 2)), reason)
    }

    /// The backoff after a refusal. A refused refresh token is remembered for as long as it is in
    /// the token file, and a refused password for as long as it is in the profile: servers lock
    /// accounts after some wrong ones.
    ///
    /// Any other request that would be refused again is remembered for ten seconds, and twice as
    /// long after each further refusal, up to an hour: an array job that starts with a wrong secret
    /// sends one request, and a user who has just fixed something at the server hardly notices the
    /// delay. One that may succeed next time is remembered for one second at first, for the
    /// processes that waited for this one.
    /// - Parameters:
    ///   - previous: the saved backoff.
    ///   - sent: the fingerprint of the request as it was sent, if its secret came from a command.
    package static func refused(
        _ refusal: Refusal, request: String, sent: String? = nil, after previous: Backoff? = nil,
        now: UnixTime
    ) -> Backoff {
        let cause = Cause.refused(refusal.cause, request: request)
        let count = (previous?.cause == cause ? previous?.refusalCount ?? 0 : 0) + 1
        var backoff = Backoff(
            cause, until: now + length(of: refusal.cause, count), refusal.reason)
        backoff.refusalCount = count
        backoff.sent = sent
        return backoff
    }

    /// How long a refusal is remembered that is this one in a row, in seconds.
    private static func length(of cause: Refusal.Cause, _ count: Int64) -> Seconds {
        switch cause {
        case .client, .credential, .grant: shortMemory.doubled(count - 1, upTo: 3600)
        case .session, .password: shortMemory
        case .answer: Seconds(1).doubled(count - 1, upTo: 60)
        case .secret: 1
        }
    }

    /// How long the first refusal is remembered, in seconds.
    private static let shortMemory: Seconds = 10

    private var failureCount: Int64 {
        switch cause {
        case .busy(let count): count
        case .refused: 0
        }
    }

    /// Whether it is still in force. An end more than an hour ahead means that the clock was set
    /// back, so it no longer counts.
    package func isActive(at now: UnixTime) -> Bool {
        switch cause {
        case .refused(.session, _), .refused(.password, _): return true
        case .busy, .refused: return until > now && until - now <= 3600
        }
    }

    /// Whether a command is worth another run for its secret, because it may print a new one: not
    /// in the first seconds, when many processes wait for the same answer.
    func allowsLook(at now: UnixTime) -> Bool {
        guard sent != nil, case .refused(.credential, _) = cause else { return false }
        let start = until + -Self.length(of: .credential, refusalCount)
        return now - start >= Self.shortMemory
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
        if case .refused = cause {
            refusalCount = min(max(object["refusals"]?.integer ?? 1, 1), 1000)
        }
        sent = object["sent"]?.string
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
            object["refusals"] = .integer(refusalCount)
            object["sent"] = sent.map(JSONValue.string)
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
        throw .refused(Refusal(cause, "\(reason) (\(memory(of: cause)))"), choice, .token)
    }

    /// When the request that was refused may be sent again, in words.
    private func memory(of cause: Refusal.Cause) -> String {
        switch cause {
        case .session: "remembered until the next login"
        case .password: "remembered until the profile changes"
        case .client, .credential, .grant, .answer, .secret:
            refusalCount < 2
                ? "a moment ago" : "\(refusalCount) times; next attempt not before \(until.rfc3339)"
        }
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
