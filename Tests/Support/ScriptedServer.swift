// What ships is Embedded Swift in a release, which no other Swift can import; tests are debug builds.
#if DEBUG
    package import CredCore
    import Glibc
    import Synchronization
    import Testing

    extension World {
        /// A world in which nothing happens: its clock stands still, nobody answers, nobody listens.
        package static let still = World(
            clock: Clock(
                now: { UnixTime(1_700_000_000) }, uptime: { 0 }, sleep: { _ in },
                random: { [UInt8](repeating: 0, count: $0) }),
            engines: Engines(
                send: { _, _, _ in .unreachable("nobody is there") }, run: { _ in Secret("") },
                verify: { _ in .invalid }, startInBackground: { _ in }),
            voice: Voice(trace: { _ in }, notice: { _ in }, progress: { _ in }))
    }

    /// A server that answers as the script says, and the world in which it is the only one. Its clock
    /// moves only while somebody sleeps or waits for an answer.
    package final class ScriptedServer: Sendable {
        /// What happened in the world, in order.
        package struct Happened: Sendable {
            package var requests: [HTTPRequest] = []
            /// When each request was sent, in milliseconds of the world's clock.
            package var moments: [Int64] = []
            package var timeLimits: [Int64] = []
            package var sleeps: [Int64] = []
            package var trace: [TraceEvent] = []
            package var notices: [String] = []
            package var progress: [String] = []
            package var background: [[String]] = []
            package var programs: [CommandLineProgram] = []
            package var checks: [SignatureCheck] = []
        }

        private struct State {
            var uptime: Int64 = 0
            var script: [TransportResult]
            var signatures: [SignatureCheck.Outcome] = []
            var duringSleep: [@Sendable () throws -> Void] = []
            var duringRequest: [@Sendable () throws -> Void] = []
            var happened = Happened()
        }

        private let start: UnixTime
        private let latency: Int64
        private let random: UInt64
        private let state: Mutex<State>

        /// - Parameters:
        ///   - script: one entry for each request; after them nobody is there.
        ///   - now: the wall clock at the start.
        ///   - latency: how long each answer takes, in milliseconds.
        ///   - random: what every random number is made from.
        package init(
            script: [TransportResult], now: Int64 = 1_000_000, latency: Int64 = 0,
            random: UInt64 = 0
        ) {
            start = UnixTime(now)
            self.latency = latency
            self.random = random
            state = Mutex(State(script: script))
        }

        package convenience init(_ script: TransportResult..., now: Int64 = 1_000_000) {
            self.init(script: script, now: now)
        }

        package var happened: Happened { state.withLock { $0.happened } }
        package var requests: [HTTPRequest] { happened.requests }
        package var uptime: Int64 { state.withLock { $0.uptime } }
        package var now: UnixTime { start + uptime / 1000 }

        /// The URLs of the requests.
        package var asked: [String] { requests.map(\.url.description) }

        /// Lets time pass.
        package func pass(seconds: Int64) { state.withLock { $0.uptime += seconds * 1000 } }

        /// What the server says next.
        package func script(_ exchanges: [TransportResult]) {
            state.withLock { $0.script += exchanges }
        }

        /// What openssl says next; after the last entry that a signature is bad.
        package func script(signatures: [SignatureCheck.Outcome]) {
            state.withLock { $0.signatures += signatures }
        }

        /// What happens at the next sleep.
        package func duringSleep(_ body: @escaping @Sendable () throws -> Void) {
            state.withLock { $0.duringSleep.append(body) }
        }

        /// What happens during the next request, before it is answered.
        package func duringRequest(_ body: @escaping @Sendable () throws -> Void) {
            state.withLock { $0.duringRequest.append(body) }
        }

        package var world: World {
            World(
                clock: World.Clock(
                    now: { self.now }, uptime: { self.uptime }, sleep: { self.sleep($0) },
                    random: { count in
                        (0..<count).map {
                            UInt8(truncatingIfNeeded: self.random >> (8 * (count - 1 - $0)))
                        }
                    }),
                engines: World.Engines(
                    send: { request, timeLimit, recording in
                        let exchange = self.answer(request, timeLimit)
                        if let recording { exchange.record(in: recording) }
                        return exchange
                    },
                    run: { program in
                        self.note { $0.programs.append(program) }
                        return Secret("secret of a command")
                    },
                    verify: { check in self.verify(check) },
                    startInBackground: { words in self.note { $0.background.append(words) } }),
                voice: World.Voice(
                    trace: { event in
                        // It asks for the time.
                        let event = event()
                        self.note { $0.trace.append(event) }
                    },
                    notice: { text in self.note { $0.notices.append(text) } },
                    progress: { text in self.note { $0.progress.append(text) } }))
        }

        private func note(_ change: (inout Happened) -> Void) {
            state.withLock { change(&$0.happened) }
        }

        private func sleep(_ milliseconds: Int64) {
            perform(
                state.withLock { state in
                    state.uptime += milliseconds
                    state.happened.sleeps.append(milliseconds)
                    return state.duringSleep.isEmpty ? nil : state.duringSleep.removeFirst()
                })
        }

        private func answer(_ request: HTTPRequest, _ timeLimit: Int64) -> TransportResult {
            perform(
                state.withLock { state in
                    state.duringRequest.isEmpty ? nil : state.duringRequest.removeFirst()
                })
            return state.withLock { state in
                state.happened.requests.append(request)
                state.happened.moments.append(state.uptime)
                state.happened.timeLimits.append(timeLimit)
                state.uptime += latency
                return state.script.isEmpty
                    ? .unreachable("nobody is there") : state.script.removeFirst()
            }
        }

        private func verify(_ check: SignatureCheck) -> SignatureCheck.Outcome {
            state.withLock { state in
                state.happened.checks.append(check)
                return state.signatures.isEmpty ? .invalid : state.signatures.removeFirst()
            }
        }

        private func perform(_ body: (@Sendable () throws -> Void)?) {
            do {
                try body?()
            } catch {
                Issue.record(error)
            }
        }
    }

    extension TransportResult {
        package static func status(
            _ status: Int, _ body: String = "", headers: String = ""
        ) -> TransportResult {
            HTTPResponse.text(status, headers, body).map(TransportResult.answered)
                ?? .interrupted("")
        }

        /// Does with an answer what curl does.
        fileprivate func record(in recording: Recording) {
            guard case .answered(let response) = self else { return }
            let bytes = Array("HTTP/1.1 \(response.status)\r\n\r\n".utf8) + response.body
            _ = bytes.withUnsafeBytes {
                pwrite(recording.output, $0.baseAddress, $0.count, off_t(recording.start))
            }
        }
    }

    extension HTTPResponse {
        /// An answer as it comes over the wire.
        package static func text(
            _ status: Int, _ headers: String = "", _ body: String = ""
        ) -> HTTPResponse? {
            HTTPResponse(wire: Array("HTTP/1.1 \(status)\r\n\(headers)\r\n\(body)".utf8))
        }
    }

    extension HTTPRequest {
        /// The fields of the body.
        package var fields: [FormField]? { body.flatMap { FormEncoding.decode($0.reveal()) } }

        /// The value of a field of the body.
        package func field(_ name: String) -> String? {
            fields?.first { $0.name == name }?.value
        }

        package func values(of header: String) -> [String] {
            headers.filter { $0.name.lowercased() == header }.map { $0.value.reveal() }
        }
    }

    /// An unsigned JWT with these claims.
    package func jwt(_ claims: String) -> String {
        "e30.\(Base64.encode(Array("{\(claims)}".utf8), .url)).x"
    }
#endif
