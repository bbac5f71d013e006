import CredCore
import CredSession
import Foundation
import Glibc
import Synchronization
import Testing

/// A throw-away home folder, a clock that only sleeping moves, and a server that answers as the
/// script says. Files and locks are real.
final class Stage: Sendable {
    struct Happened: Sendable {
        var requests: [HTTPRequest] = []
        var timeLimits: [Int64] = []
        var sleeps: [Int64] = []
        var notices: [String] = []
        var progress: [String] = []
        var background: [[String]] = []
        var programs: [CommandLineProgram] = []
        var checks: [SignatureCheck] = []
    }

    private struct State {
        var uptime: Int64 = 0
        var script: [TransportResult] = []
        var duringSleep: [@Sendable () throws -> Void] = []
        var signatures: [SignatureCheck.Outcome] = []
        var duringRequest: [@Sendable () throws -> Void] = []
        var happened = Happened()
    }

    /// The wall clock at the start.
    static let start: Int64 = 1_700_000_000

    let root: String
    let environment: [String: String]
    /// What every random number is made from.
    let random: UInt64
    /// How long each request takes, in milliseconds.
    let latency: Int64
    private let state = Mutex(State())

    /// - Parameter variables: on top of those for the folders; an empty one is unset.
    init(
        _ variables: [String: String] = [:], random: UInt64 = 0, latency: Int64 = 0
    ) throws {
        var template = Array("/tmp/session-test-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        root = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
        self.random = random
        self.latency = latency
        let folders = [
            "HOME": "\(root)/home", "TMPDIR": "\(root)/tmp", "XDG_RUNTIME_DIR": "\(root)/run",
            "XDG_CACHE_HOME": "\(root)/cache",
        ]
        environment = folders.merging(variables) { $1 }.filter { !$0.value.isEmpty }
        for name in ["home", "tmp", "run"] { mkdir("\(root)/\(name)", 0o700) }
    }

    // Ignoring the error is right: a folder left in /tmp breaks no test.
    deinit { try? FileManager.default.removeItem(atPath: root) }

    var happened: Happened { state.withLock { $0.happened } }
    var requestCount: Int { happened.requests.count }
    var asked: [String] {
        happened.requests.map { "\($0.method.rawValue) \($0.url)" }
    }
    var now: Int64 { Self.start + state.withLock { $0.uptime } / 1000 }

    /// Lets time pass.
    func pass(seconds: Int64) { state.withLock { $0.uptime += seconds * 1000 } }

    /// What the server says next; after the last entry nobody is there.
    func script(_ exchanges: TransportResult...) { state.withLock { $0.script += exchanges } }

    /// What openssl says next; after the last entry that a signature is bad.
    func script(signatures: SignatureCheck.Outcome...) {
        state.withLock { $0.signatures += signatures }
    }

    /// What happens at the next sleep.
    func duringSleep(_ body: @escaping @Sendable () throws -> Void) {
        state.withLock { $0.duringSleep.append(body) }
    }

    /// What happens during the next request, before it is answered.
    func duringRequest(_ body: @escaping @Sendable () throws -> Void) {
        state.withLock { $0.duringRequest.append(body) }
    }

    var locations: Locations {
        Locations(home: environment["HOME"] ?? "") { self.environment[$0] }
    }

    var world: World {
        World(
            clock: World.Clock(
                now: { UnixTime(self.now) }, uptime: { self.state.withLock { $0.uptime } },
                sleep: { self.sleep($0) },
                random: { count in
                    (0..<count).map {
                        UInt8(truncatingIfNeeded: self.random >> (8 * (count - 1 - $0)))
                    }
                }),
            engines: World.Engines(
                send: { request, timeLimit, recording in
                    let exchange = self.answer(request, timeLimit)
                    if let recording { exchange.record(in: recording.output) }
                    return exchange
                },
                run: { program in
                    self.state.withLock { $0.happened.programs.append(program) }
                    return Secret("secret of a command")
                },
                verify: { check in self.verify(check) },
                startInBackground: { words in
                    self.state.withLock { $0.happened.background.append(words) }
                }),
            voice: World.Voice(
                trace: { event in _ = event() },
                notice: { text in self.state.withLock { $0.happened.notices.append(text) } },
                progress: { text in self.state.withLock { $0.happened.progress.append(text) } }))
    }

    private func sleep(_ milliseconds: Int64) {
        let body = state.withLock { state in
            state.uptime += milliseconds
            state.happened.sleeps.append(milliseconds)
            return state.duringSleep.isEmpty ? nil : state.duringSleep.removeFirst()
        }
        perform(body)
    }

    private func perform(_ body: (@Sendable () throws -> Void)?) {
        do {
            try body?()
        } catch {
            Issue.record(error)
        }
    }

    private func verify(_ check: SignatureCheck) -> SignatureCheck.Outcome {
        state.withLock { state in
            state.happened.checks.append(check)
            return state.signatures.isEmpty ? .invalid : state.signatures.removeFirst()
        }
    }

    private func answer(_ request: HTTPRequest, _ timeLimit: Int64) -> TransportResult {
        perform(
            state.withLock { state in
                state.duringRequest.isEmpty ? nil : state.duringRequest.removeFirst()
            })
        return state.withLock { state in
            state.uptime += latency
            state.happened.requests.append(request)
            state.happened.timeLimits.append(timeLimit)
            return state.script.isEmpty
                ? .unreachable("nobody is there") : state.script.removeFirst()
        }
    }
}

extension Stage {
    func path(_ name: String) -> String { "\(root)/\(name)" }

    /// Makes a file and the folders on the way to it.
    func write(_ name: String, _ text: String, mode: mode_t = 0o600) throws {
        let url = URL(filePath: path(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try Data(text.utf8).write(to: url)
        chmod(path(name), mode)
    }

    func text(_ name: String) throws -> String {
        try String(contentsOf: URL(filePath: path(name)), encoding: .utf8)
    }

    func json(_ name: String) throws -> JSONObject {
        try #require(try JSONValue(parsing: Array(text(name).utf8)).object)
    }

    func exists(_ name: String) -> Bool { access(path(name), F_OK) == 0 }
}

extension TransportResult {
    /// Does with an answer what curl does.
    fileprivate func record(in descriptor: Int32) {
        guard case .answered(let response) = self else { return }
        let bytes = Array("HTTP/1.1 \(response.status)\r\n\r\n".utf8) + response.body
        _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }
}
