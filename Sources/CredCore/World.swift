/// Access to everything outside the process that decisions depend on; tests replace it. Files,
/// locks and child programs other than the engines are always real.
package struct World: Sendable {
    package var clock: Clock
    package var engines: Engines
    package var voice: Voice

    package init(clock: Clock, engines: Engines, voice: Voice) {
        self.clock = clock
        self.engines = engines
        self.voice = voice
    }

    /// Time and randomness.
    package struct Clock: Sendable {
        /// The wall clock.
        package var now: @Sendable () -> UnixTime
        /// A monotonic clock in milliseconds, for deadlines.
        package var uptime: @Sendable () -> Int64
        /// Waits for so many milliseconds.
        package var sleep: @Sendable (Int64) -> Void
        /// Returns so many random bytes that cannot be predicted.
        package var random: @Sendable (Int) -> [UInt8]

        package init(
            now: @escaping @Sendable () -> UnixTime,
            uptime: @escaping @Sendable () -> Int64,
            sleep: @escaping @Sendable (Int64) -> Void,
            random: @escaping @Sendable (Int) -> [UInt8]
        ) {
            self.now = now
            self.uptime = uptime
            self.sleep = sleep
            self.random = random
        }
    }

    /// The other programs that planet-cred uses.
    package struct Engines: Sendable {
        /// Sends one request and returns the response, within so many milliseconds; recorded if it
        /// must not be lost.
        package var send: @Sendable (HTTPRequest, Int64, Recording?) -> TransportResult
        /// Runs the program of `client_secret_command` and returns the first line that it prints.
        package var run: @Sendable (CommandLineProgram) throws(Failure) -> Secret
        /// Verifies a signature.
        package var verify: @Sendable (SignatureCheck) -> SignatureCheck.Outcome
        /// Starts a detached planet-cred that renews the token of the profile selected by these
        /// arguments.
        package var startInBackground: @Sendable ([String]) -> Void

        package init(
            send: @escaping @Sendable (HTTPRequest, Int64, Recording?) -> TransportResult,
            run: @escaping @Sendable (CommandLineProgram) throws(Failure) -> Secret,
            verify: @escaping @Sendable (SignatureCheck) -> SignatureCheck.Outcome,
            startInBackground: @escaping @Sendable ([String]) -> Void
        ) {
            self.send = send
            self.run = run
            self.verify = verify
            self.startInBackground = startInBackground
        }
    }

    /// Where messages go.
    package struct Voice: Sendable {
        /// Writes a step to the trace, for troubleshooting.
        package var trace: @Sendable (() -> TraceEvent) -> Void
        /// Shows a message to the user, such as a warning.
        package var notice: @Sendable (String) -> Void
        /// Whether somebody sees the notices; if not, a warning that is shown only once must wait.
        package var isHeard: Bool
        /// Tells the user why something takes long; dropped if stderr is not shown to anybody.
        package var progress: @Sendable (String) -> Void

        package init(
            trace: @escaping @Sendable (() -> TraceEvent) -> Void,
            notice: @escaping @Sendable (String) -> Void, isHeard: Bool = true,
            progress: @escaping @Sendable (String) -> Void
        ) {
            self.trace = trace
            self.notice = notice
            self.isHeard = isHeard
            self.progress = progress
        }
    }
}

extension World {
    /// Sends one request and traces the result.
    package func send(
        _ request: HTTPRequest, timeLimit: Int64, recording: Recording? = nil
    ) -> TransportResult {
        voice.trace { .request(method: request.method.rawValue, url: request.url.withoutQuery) }
        let start = clock.uptime()
        let result = engines.send(request, timeLimit, recording)
        voice.trace {
            switch result {
            case .answered(let response):
                .response(status: response.status, milliseconds: clock.uptime() - start)
            case .unreachable(let reason), .interrupted(let reason): .noResponse(reason: reason)
            case .impossible(let failure): .noResponse(reason: failure.because ?? failure.what)
            }
        }
        return result
    }

    /// Waits, and tells the user why if it takes long.
    package func pause(_ milliseconds: Int64, because reason: String) {
        voice.trace { .waiting(milliseconds: milliseconds, reason: reason) }
        if milliseconds >= 2000 {
            voice.progress("waiting \((milliseconds + 999) / 1000) s: \(reason)")
        }
        clock.sleep(milliseconds)
    }
}

extension World.Clock {
    /// The timeout of one request in milliseconds: the time left, but at least one second and at
    /// most thirty.
    package func timeLimit(until deadline: Int64) -> Int64 {
        min(max(deadline - uptime(), 1000), 30_000)
    }

    /// How long to wait before another look at what another process does, in milliseconds: a
    /// quarter of the wait so far, so that a short renewal is noticed at once and hundreds of
    /// processes that wait longer cost little. Half of it is random, so that they do not all look
    /// at the same time.
    package func pause(after wait: Int64, atLeast minimum: Int64 = 2) -> Int64 {
        let pause = min(max(wait / 4, minimum), 500)
        return pause / 2 + random(upTo: pause)
    }

    /// A number from 0 up to and including `bound`, for jitter.
    package func random(upTo bound: Int64) -> Int64 {
        let value = random(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int64(value % (UInt64(max(bound, 0)) + 1))
    }
}

/// A program that a profile names, with its arguments.
package enum CommandLineProgram: Hashable, Sendable {
    /// A command line for `/bin/sh -c`.
    case shell(String)
    /// A program and its arguments, started directly; never empty.
    case arguments([String])

    /// The whole command, to be hashed; it may contain a secret.
    package var text: String {
        switch self {
        case .shell(let text): text
        case .arguments(let words): words.joined(separator: "\u{0}")
        }
    }

    /// The program as messages show it. A shell command is left out, because it may contain a
    /// secret.
    package var name: String {
        switch self {
        case .shell: "/bin/sh -c ..."
        case .arguments(let words): words[0]
        }
    }
}

/// One step of a run, as `PLANET_CRED_TRACE` shows it. It cannot contain a secret: URLs have no
/// query, tokens are fingerprints, and requests have neither headers nor body.
package enum TraceEvent: Hashable, Sendable {
    case profile(name: String, source: String)
    case cache(path: String, state: String)
    case lock(profile: String, state: String)
    case waiting(milliseconds: Int64, reason: String)
    case request(method: String, url: String)
    case response(status: Int, milliseconds: Int64)
    case noResponse(reason: String)
    /// Tokens were found in an answer of this form, which is not JSON.
    case oddAnswer(String)
    case saved(path: String)
    case started(program: String)
    /// What git asks for, the profiles that were examined, and what git gets; one line each.
    case decision([String])
}

/// A signature for `openssl` to verify.
package struct SignatureCheck: Hashable, Sendable {
    package let algorithm: SignatureAlgorithm
    /// A SubjectPublicKeyInfo in PEM, RFC 7468 §13.
    package let publicKey: String
    /// An RSA signature as received; an ECDSA signature in DER, an `ECDSA-Sig-Value` of RFC 3279
    /// §2.2.3.
    package let signature: [UInt8]
    package let text: Secret

    package init(
        _ algorithm: SignatureAlgorithm, publicKey: String, signature: [UInt8], text: Secret
    ) {
        self.algorithm = algorithm
        self.publicKey = publicKey
        self.signature = signature
        self.text = text
    }

    package enum Outcome: Hashable, Sendable {
        case valid
        case invalid
        /// The signature could not be checked.
        case failed(Failure)
    }
}

/// The supported signature algorithms: those with a key pair that servers use, none with a shared
/// key. RFC 7518 §3.1.
package enum SignatureAlgorithm: String, Hashable, Sendable, CaseIterable {
    case rs256 = "RS256"
    case ps256 = "PS256"
    case es256 = "ES256"
}
