import Foundation
import PracticeServer
import TestSupport
import Workbench

/// The place where one dialogue happens: a home, a shell in it, and a practice server once a line
/// needs one.
struct TranscriptStage {
    let home: ScratchHome
    var shell: ShellSession
    var streams = ShellSession.Streams.separate
    var browser: ScratchBrowser?
    /// What the server will be.
    var configuration = PracticeServer.Configuration()
    private(set) var runningServer: PracticeServer?
    /// The profile that `PL_AUTH_PROFILE` names.
    var profile: String?
    /// Of the logins that were set up, in order.
    var refreshTokens: [String] = []
    private var seenRequests = 0
    private var seenConnections = 0

    init() throws {
        home = try ScratchHome()
        shell = try ShellSession(in: home)
    }

    /// Starts the server if there is none.
    mutating func server() throws -> PracticeServer {
        if let runningServer { return runningServer }
        let server = try PracticeServer(configuration)
        runningServer = server
        shell.needs.append(server)
        return server
    }

    /// What a transcript says, and what it is here, but for moments.
    var names: Names {
        var pairs: [(documented: String, actual: String)] = []
        if let server = runningServer {
            let tokens = server.issuedTokens.enumerated().map { ("TOKEN-\($0 + 1)", $1) }
            let refreshTokens = refreshTokens.enumerated().map { ("REFRESH-\($0 + 1)", $1) }
            pairs += (tokens.reversed() + refreshTokens.reversed()).map { ($0, $1) }
            pairs.append((":4242", ":\(server.port)"))
        }
        return Names(pairs: pairs + [("/home/ada", home.path), ("/scratch", home.root)])
    }

    /// With the end of the token that the profile has.
    var namesWithMoments: Names {
        guard let expiry = storedExpiry else { return names }
        let date = Date(timeIntervalSince1970: Double(expiry)).formatted(.iso8601)
        return Names(pairs: [("EXPIRY-DATE", date), ("EXPIRY", "\(expiry)")] + names.pairs)
    }

    private var storedExpiry: Int? {
        // What is no token, or comes from another tool, has no such moment.
        guard let profile, let token = try? home.token(profile),
            let record = token["planet_cred"] as? [String: Any],
            let receivedAt = record["received_at"] as? Int,
            let lifetime = record["lifetime"] as? Int
        else { return nil }
        return receivedAt + lifetime
    }

    /// The requests since the last look, and whether anybody connected at all.
    mutating func look() -> (requests: [PracticeServer.Request], isAny: Bool) {
        guard let server = runningServer else { return ([], false) }
        let requests = server.requests
        let connections = server.connectionCount
        defer { (seenRequests, seenConnections) = (requests.count, connections) }
        return (Array(requests.dropFirst(seenRequests)), connections > seenConnections)
    }

    mutating func run(_ entry: CommandEntry) async throws -> Printed {
        let names = namesWithMoments
        let outcome = try await shell.run(
            names.staged(entry.command), input: entry.input.map(names.staged), streams)
        return Printed(outcome)
    }
}

extension Printed {
    init(_ outcome: Outcome) {
        output = Self.lines(outcome.text)
        isCutOff = !outcome.text.isEmpty && !outcome.text.hasSuffix("\n")
        errors = Self.lines(outcome.errors)
        end =
            switch outcome.end {
            case .exited(let status): "\(status)"
            case .killed(let signal): "signal \(signal)"
            case .timedOut: "timed out"
            }
    }

    /// In the words of a transcript.
    func documented(by names: Names) -> Printed {
        var printed = self
        printed.output = output.map(names.documented)
        printed.errors = errors.map(names.documented)
        return printed
    }

    /// The lines of a text, in which nothing steers a terminal.
    private static func lines(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(visible)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    private static func visible(_ line: Substring) -> String {
        var visible = ""
        for scalar in line.unicodeScalars {
            if scalar.value < 0x20 || scalar.value == 0x7F {
                visible +=
                    "\\x" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
            } else {
                visible.unicodeScalars.append(scalar)
            }
        }
        return visible
    }
}
