import Foundation
import PracticeServer
import TestSupport
import Workbench

/// `* server WORD ...`
struct ServerLine {
    let words: [String]
    let json: String
    /// The header fields below it.
    let content: [String]
}

/// The set-up lines about the practice server.
extension TranscriptStage {
    mutating func setUpServer(_ line: ServerLine) throws {
        let words = line.words
        switch words[1] {
        case "answers", "resets", "truncates", "stalls", "bloats", "passes":
            try server().faults.append(try fault(line))
        case "authorizes": try server().authorizeAnswers.append(try authorizeAnswer(words))
        case "polls":
            let polls: [String: PracticeServer.DevicePoll] = [
                "pending": .pending, "denied": .denied, "expired": .expired, "reset": .reset,
            ]
            try server().devicePolls.append(try known(polls, words[2]))
        case "recovers": try server().faults = []
        case "clock": try server().advanceClock(bySeconds: try number(words, 2))
        case "revokes": try server().revoke(words[2])
        case "accepts": try require(try isAccepted(words), "it is refused")
        case "refuses": try require(try !isAccepted(words), "it is accepted")
        case "metadata":
            let overrides = try MergePatch(line.json).overrides
            if let runningServer {
                runningServer.metadataOverrides = overrides
            } else {
                configuration.metadataOverrides = overrides
            }
        default: try configure(line)
        }
    }

    /// What a server is from its start on.
    private mutating func configure(_ line: ServerLine) throws {
        let words = line.words
        guard runningServer == nil else { throw Problem("the server has started already") }
        switch words[1] {
        case "path": configuration.issuerPath = words[2]
        case "discovery":
            let forms: [String: Set<PracticeServer.DiscoveryForm>] = [
                "none": [], "openid": [.openIDConfiguration], "oauth": [.authorizationServer],
            ]
            configuration.discovery = try known(forms, words[2])
        case "tokens":
            let formats: [String: PracticeServer.TokenFormat] = [
                "RS256": .jwt(.rs256), "PS256": .jwt(.ps256), "ES256": .jwt(.es256),
            ]
            configuration.tokenFormat = try known(formats, words[2])
        case "code": configuration.device.userCode = Self.unescaped(words[2])
        case "page": configuration.device.verificationURI = words[2]
        case "keeps": configuration.refreshTokens = .keep
        case "size": configuration.tokenSize = Int(try number(words, 2))
        case "lifetime": configuration.tokenLifetime = try number(words, 2)
        case "members":
            configuration.tokenResponseOverrides = try MergePatch(line.json).overrides
        case "identity": configuration.idTokenOverrides = try MergePatch(line.json).overrides
        case "client":
            let methods: [String: PracticeServer.AuthenticationMethod] = [
                "post": .post, "basic": .basic, "raw": .basicRaw, "public": .none,
            ]
            configuration.clients[words[2]] = PracticeServer.Client(
                secret: Self.unescaped(words[3]),
                methods: [try known(methods, words[4])])
        default: throw Unknown(text: words.joined(separator: " "))
        }
    }

    private struct Problem: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    private func require(_ isMet: Bool, _ problem: String) throws {
        guard isMet else { throw Problem(problem) }
    }

    private func known<Value>(_ values: [String: Value], _ word: String) throws -> Value {
        guard let value = values[word] else { throw Unknown(text: word) }
        return value
    }

    private func number(_ words: [String], _ place: Int) throws -> Int64 {
        guard words.indices.contains(place), let number = Int64(words[place]) else {
            throw Problem("there is no number in '\(words.joined(separator: " "))'")
        }
        return number
    }

    /// `* server accepts TOKEN`, or `accepts the refresh token of PROFILE`.
    private mutating func isAccepted(_ words: [String]) throws -> Bool {
        let server = try server()
        guard words[2] == "the", let profile = words.last else {
            return refreshTokens.contains(words[2])
                ? server.acceptsRefresh(words[2]) : server.accepts(words[2])
        }
        return server.acceptsRefresh(try home.token(profile)["refresh_token"] as? String ?? "")
    }

    /// `* server authorizes ...`: how the authorization endpoint answers next.
    private func authorizeAnswer(_ words: [String]) throws -> PracticeServer.AuthorizeAnswer {
        let text = words.dropFirst(4).joined(separator: " ")
        switch words[2] {
        case "error":
            return .error(words[3], description: text.isEmpty ? nil : Self.unescaped(text))
        case "duplicate": return .duplicate(words[3])
        case "both": return .codeAndError
        case "issuer": return .issuer(words.count > 3 ? words[3] : nil)
        default: throw Unknown(text: words[2])
        }
    }

    /// With the characters that a line of a transcript cannot have.
    private static func unescaped(_ text: String) -> String {
        [("\\x20", " "), ("\\x1b", "\u{1B}"), ("\\x0a", "\n")]
            .reduce(text) { $0.replacing($1.0, with: $1.1) }
    }

    /// `* server answers PATH [once] STATUS [TEXT]` and its kin.
    private func fault(_ line: ServerLine) throws -> PracticeServer.Fault {
        var words = line.words
        let verb = words[1]
        let path = words[2]
        words.removeFirst(3)
        let isOnce = words.first == "once"
        if isOnce { words.removeFirst() }
        let effect: PracticeServer.Fault.Effect =
            switch verb {
            case "answers": .answer(try answer(words, line))
            case "resets": .reset(words.first == "late" ? .afterActing : .beforeActing)
            case "truncates": .truncate(missingByteCount: Int(try number(words, 0)))
            case "bloats": .huge(byteCount: Int(try number(words, 0)))
            case "passes": .nothing
            default: .stall
            }
        return PracticeServer.Fault(effect, path: path, times: isOnce ? 1 : nil)
    }

    private func answer(_ words: [String], _ line: ServerLine) throws -> PracticeServer.Answer {
        let text = words.dropFirst().joined(separator: " ")
        let isJSON = text.hasPrefix("{") || text.hasPrefix("[")
        var answer = PracticeServer.Answer(
            status: Int(try number(words, 0)), body: Self.bytes(text))
        if isJSON { answer.headers.append("Content-Type", "application/json") }
        for field in line.content {
            let parts = namesWithMoments.staged(field).split(separator: ": ", maxSplits: 1)
            answer.headers.append(String(parts[0]), String(parts[parts.count - 1]))
        }
        return answer
    }

    /// A text in which `\xff` stands for a byte that no text has.
    private static func bytes(_ text: String) -> [UInt8] {
        Array(
            text.components(separatedBy: "\\xff").map { Array($0.utf8) }.joined(separator: [0xFF]))
    }
}
