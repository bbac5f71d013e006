extension PracticeServer {
    /// One thing that goes wrong, for one path or all, for some requests or all.
    package struct Fault: Sendable {
        package var effect: Effect
        /// The exact path, or with a slash at the end everything below it; `nil` is every path.
        package var path: String?
        /// How many more requests it takes; `nil` never ends.
        package var times: Int?
        /// How long to wait before doing anything with the request, in milliseconds.
        package var latencyMilliseconds: Int
        /// What to wait for besides.
        package var hold: Hold?

        package init(
            _ effect: Effect, path: String? = nil, times: Int? = nil, latencyMilliseconds: Int = 0
        ) {
            self.effect = effect
            self.path = path
            self.times = times
            self.latencyMilliseconds = latencyMilliseconds
        }

        /// The usual answer, but late.
        package static func latency(
            milliseconds: Int, path: String? = nil, times: Int? = nil
        ) -> Fault {
            Fault(.nothing, path: path, times: times, latencyMilliseconds: milliseconds)
        }

        /// The usual answer, once it is released.
        package static func held(_ hold: Hold, path: String? = nil, times: Int? = nil) -> Fault {
            var fault = Fault(.nothing, path: path, times: times)
            fault.hold = hold
            return fault
        }

        func matches(_ requestPath: String) -> Bool {
            guard let path else { return true }
            return path == requestPath || path.hasSuffix("/") && requestPath.hasPrefix(path)
        }
    }
}

extension PracticeServer.Fault {
    /// What happens instead of the usual answer.
    package enum Effect: Sendable {
        /// The usual answer; for latency, and for gaps in a script.
        case nothing
        /// This answer; the endpoint sees nothing of the request.
        case answer(PracticeServer.Answer)
        /// The usual answer of the token endpoint with other members, if it would succeed.
        case tokenMembers(PracticeServer.MemberOverrides)
        /// The usual answer, changed by this before it is sent.
        case transformed(@Sendable (PracticeServer.Answer) -> PracticeServer.Answer)
        /// The usual answer, announced whole, without its last bytes; then the end.
        case truncate(missingByteCount: Int)
        /// The connection is reset (RST).
        case reset(ResetMoment)
        /// No answer until the client goes away or the server stops.
        case stall
    }

    package enum ResetMoment: Sendable {
        /// Right after accepting a connection. The path is not known yet and does not count.
        case onConnect
        /// After the request was read and before it has an effect.
        case beforeActing
        /// After the request had its effect: the answer is lost.
        case afterActing
    }
}

extension PracticeServer.Fault.Effect {
    /// An answer without a body, or with a text.
    package static func status(
        _ status: Int, headers: PracticeServer.Headers = [:], text: String = ""
    ) -> Self {
        .answer(PracticeServer.Answer(status: status, headers: headers, text: text))
    }

    package static func redirect(to location: String) -> Self {
        .status(302, headers: ["Location": location])
    }

    /// An OAuth2 error answer. RFC 6749 §5.2
    package static func oauthError(_ code: String, status: Int = 400) -> Self {
        .answer(PracticeServer.Answer(status: status, json: ["error": .string(code)]))
    }

    /// 200 with exactly these bytes as the JSON document.
    package static func jsonBytes(_ bytes: [UInt8]) -> Self {
        .answer(PracticeServer.Answer(json: .bytes(bytes)))
    }

    /// 200 with a page for people, as captive portals answer.
    package static let htmlPage = Self.status(
        200, headers: ["Content-Type": "text/html"],
        text: "<!doctype html><title>Welcome</title><p>Please accept our terms.\n")

    /// 200 with a JSON document of this size in bytes: one long string.
    package static func huge(
        byteCount: Int, framing: PracticeServer.Answer.Framing = .contentLength
    ) -> Self {
        var body = [UInt8](repeating: UInt8(ascii: "a"), count: max(byteCount, 2))
        body[0] = UInt8(ascii: "\"")
        body[body.count - 1] = UInt8(ascii: "\"")
        var answer = PracticeServer.Answer(json: .bytes(body))
        answer.framing = framing
        return .answer(answer)
    }
}
