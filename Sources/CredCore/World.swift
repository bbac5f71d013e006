/// Everything outside the process that the protocol logic and the decisions may ask: the one seam
/// for tests. Files, locks and child programs other than engines are real everywhere.
package struct World: Sendable {
    package var clock: Clock
    package var engines: Engines
    package var voice: Voice

    package init(clock: Clock, engines: Engines, voice: Voice) {
        self.clock = clock
        self.engines = engines
        self.voice = voice
    }

    /// Time, and chance.
    package struct Clock: Sendable {
        /// The wall clock.
        package var now: @Sendable () -> UnixTime
        /// Milliseconds of a clock that never jumps, for deadlines.
        package var uptime: @Sendable () -> Int64
        /// Waits, in milliseconds.
        package var sleep: @Sendable (Int64) -> Void
        /// So many unpredictable bytes.
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

    /// The programs that do a part of the work.
    package struct Engines: Sendable {
        /// One request, one answer, within so many milliseconds, recorded where it must not be lost.
        package var send: @Sendable (HTTPRequest, Int64, Recording?) -> TransportResult
        /// The first line that a person's command prints, for `client_secret_command`.
        package var run: @Sendable (CommandLineProgram) throws(Failure) -> Secret
        /// Whether a signature is good.
        package var verify: @Sendable (SignatureCheck) -> SignatureCheck.Outcome
        /// Starts a detached planet-cred that renews the token of the profile these arguments choose.
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

    /// Those who hear what goes on.
    package struct Voice: Sendable {
        /// A step worth telling someone who looks for a fault.
        package var trace: @Sendable (() -> TraceEvent) -> Void
        /// A sentence for the person in front, such as a warning.
        package var notice: @Sendable (String) -> Void
        /// Why it takes so long, for a person who looks on or reads it later; dropped where nobody
        /// does.
        package var progress: @Sendable (String) -> Void

        package init(
            trace: @escaping @Sendable (() -> TraceEvent) -> Void,
            notice: @escaping @Sendable (String) -> Void,
            progress: @escaping @Sendable (String) -> Void
        ) {
            self.trace = trace
            self.notice = notice
            self.progress = progress
        }
    }
}

extension World {
    /// Sends one request and tells the trace how it went.
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

    /// Waits, and tells why where it takes long enough to wonder.
    package func pause(_ milliseconds: Int64, because reason: String) {
        voice.trace { .waiting(milliseconds: milliseconds, reason: reason) }
        if milliseconds >= 2000 {
            voice.progress("waiting \((milliseconds + 999) / 1000) s: \(reason)")
        }
        clock.sleep(milliseconds)
    }
}

extension World.Clock {
    /// How long one request may take, in milliseconds: what is left, never less than a second and
    /// never more than thirty.
    package func timeLimit(until deadline: Int64) -> Int64 {
        min(max(deadline - uptime(), 1000), 30_000)
    }

    /// A number from 0 up to and including `bound`, for jitter.
    package func random(upTo bound: Int64) -> Int64 {
        let value = random(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int64(value % (UInt64(max(bound, 0)) + 1))
    }
}

/// A program that a profile names, with its arguments.
package enum CommandLineProgram: Hashable, Sendable {
    /// For `/bin/sh -c`.
    case shell(String)
    /// Started directly; never empty.
    case arguments([String])

    /// What was asked for, for messages. The words of a shell command may hold a secret.
    package var name: String {
        switch self {
        case .shell: "/bin/sh -c ..."
        case .arguments(let words): words[0]
        }
    }
}

/// One step of a run, as `PLANET_CRED_TRACE` shows it. Its fields cannot hold a secret: URLs come
/// without their query, tokens as fingerprints, requests without headers and body.
package enum TraceEvent: Hashable, Sendable {
    case profile(name: String, source: String)
    case cache(path: String, state: String)
    case lock(profile: String, state: String)
    case waiting(milliseconds: Int64, reason: String)
    case request(method: String, url: String)
    case response(status: Int, milliseconds: Int64)
    case noResponse(reason: String)
    case saved(path: String)
    case started(program: String)
}

/// A question to `openssl`: did the holder of this key sign this text?
package struct SignatureCheck: Hashable, Sendable {
    package let algorithm: SignatureAlgorithm
    /// A SubjectPublicKeyInfo in PEM, RFC 7468 §13.
    package let publicKey: String
    /// An RSA signature as it is; one by ECDSA in DER, as an `ECDSA-Sig-Value` of RFC 3279 §2.2.3.
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
        /// Nobody could say.
        case failed(Failure)
    }
}

/// The algorithms by which a token may be signed: those with a key pair that servers use, and none
/// whose key a client would have to share. RFC 7518 §3.1.
package enum SignatureAlgorithm: String, Hashable, Sendable, CaseIterable {
    case rs256 = "RS256"
    case ps256 = "PS256"
    case es256 = "ES256"
}
