import Foundation
import PracticeServer
import TestSupport
import Workbench

/// The set-up lines of transcripts; `Tests/Transcripts/README.md` lists them.
extension TranscriptStage {
    mutating func setUp(_ line: SetUpLine) async throws {
        // Its port is known once it has started.
        if (line.content + [line.text]).contains(where: { $0.contains(":4242") }) {
            _ = try server()
        }
        let names = namesWithMoments
        let text = names.staged(line.text)
        let content = line.content.map { "\(names.staged($0))\n" }.joined()
        let words = text.split(separator: " ").map(String.init)
        // The JSON text at the end of the line.
        let json = text.firstIndex(of: "{").map { String(text[$0...]) } ?? "{}"
        switch words[0] {
        case "file":
            let mode = words.count > 2 ? Int(words[2], radix: 8) : 0o600
            try home.write(path(words[1]), content, mode: mode ?? 0)
        case "program": try await home.writeProgram(words[1], content)
        case "profile": try writeProfile(words[1], .serviceAccount(try server()), json)
        case "person":
            try writeProfile(
                words[1], .login("oidc_device_code", try server(), changing: [:], own: [:]), json)
        case "login":
            let seconds = words.count > 2 ? Int64(words[2]) : nil
            try writeLogin(words[1], livesFor: seconds ?? 3600, json)
        case "age": try home.ageToken(words[1], bySeconds: try number(words[2]))
        case "nobody":
            try home.giveToNobody()
            shell.isNobody = true
        case "terminal": streams = .terminal
        case "browser":
            let browser = try ScratchBrowser(in: home)
            self.browser = browser
            try shell.export(browser.environment)
        case "page": _ = try await browser?.page()
        case "server": try setUpServer(ServerLine(words: words, json: json, content: line.content))
        default: throw Unknown(text: line.text)
        }
    }

    struct Unknown: Error, CustomStringConvertible {
        let text: String

        var description: String { "'* \(text)' is no line that a transcript can have" }
    }

    private mutating func writeProfile(
        _ name: String, _ usual: PracticeServer.JSON, _ changes: String
    ) throws {
        let members = try MergePatch(changes).applied(to: usual.encoded)
        if name.contains("/") {
            try home.write(path(name), members)
            return
        }
        try home.write(ScratchHome.profilePath(name), members)
        if profile == nil {
            profile = name
            try shell.export(["PL_AUTH_PROFILE": name])
        }
    }

    /// Writes the token file as Planet's Python tools do.
    private mutating func writeLogin(
        _ name: String, livesFor seconds: Int64, _ changes: String
    ) throws {
        let client = try home.object(ScratchHome.profilePath(name))["client_id"] as? String
        let (access, refresh) = try server().issueSession(to: client ?? "")
        refreshTokens.append(refresh)
        let now = Int64(Date.now.timeIntervalSince1970)
        let usual: PracticeServer.JSON = [
            "_exp": .number(now + seconds), "_iat": .number(now + seconds - 3600),
            "access_token": .string(access), "expires_in": 3600,
            "refresh_token": .string(refresh), "token_type": "Bearer",
        ]
        try home.writeTokenFile(name, MergePatch(changes).applied(to: usual.encoded))
    }

    private func path(_ word: String) -> String { word.replacing("~", with: home.path) }

    private func number(_ word: String) throws -> Int {
        guard let number = Int(word) else { throw Unknown(text: word) }
        return number
    }
}

/// Changes to a JSON object; `null` removes. RFC 7396
struct MergePatch {
    private let changes: [String: Any]

    init(_ text: String) throws {
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        changes = value as? [String: Any] ?? [:]
    }

    /// The object with these changes, as text.
    func applied(to object: [UInt8]) throws -> String {
        let original = try JSONSerialization.jsonObject(with: Data(object))
        let data = try JSONSerialization.data(
            withJSONObject: Self.patched(original, with: changes),
            options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }

    /// The changes as those that a practice server makes to its answers.
    var overrides: PracticeServer.MemberOverrides {
        get throws {
            var overrides: PracticeServer.MemberOverrides = [:]
            overrides.members = try changes.sorted { $0.key < $1.key }.map { name, value in
                guard !(value is NSNull) else { return (name: name, value: nil) }
                let data = try JSONSerialization.data(
                    withJSONObject: value, options: [.fragmentsAllowed, .withoutEscapingSlashes])
                return (name: name, value: .bytes([UInt8](data)))
            }
            return overrides
        }
    }

    private static func patched(_ original: Any, with changes: [String: Any]) -> [String: Any] {
        var members = original as? [String: Any] ?? [:]
        for (name, value) in changes {
            if value is NSNull {
                members[name] = nil
            } else if let value = value as? [String: Any] {
                members[name] = patched(members[name] ?? [:], with: value)
            } else {
                members[name] = value
            }
        }
        return members
    }
}
