import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

/// Plays one dialogue on a stage of its own.
struct TranscriptPlayer {
    private let dialogue: Dialogue
    private var stage: TranscriptStage

    private init(_ dialogue: Dialogue) throws {
        self.dialogue = dialogue
        stage = try TranscriptStage()
    }

    static func play(_ dialogue: Dialogue) async throws -> [Mismatch] {
        var player = try TranscriptPlayer(dialogue)
        return try await player.play()
    }

    private mutating func play() async throws -> [Mismatch] {
        var mismatches: [Mismatch] = []
        for entry in dialogue.entries {
            switch entry {
            case .command(let entry):
                if let mismatch = try await play(entry) { mismatches.append(mismatch) }
            case .setUp(let line) where line.text.hasPrefix("server saw"):
                if let mismatch = try look(line) { mismatches.append(mismatch) }
            case .setUp(let line):
                do { try await stage.setUp(line) } catch {
                    throw TranscriptProblem(
                        file: dialogue.file, line: line.lines.lowerBound + 1, reason: "\(error)")
                }
            }
        }
        return mismatches
    }

    private mutating func play(_ entry: CommandEntry) async throws -> Mismatch? {
        let actual = try await stage.run(entry)
        let named = actual.documented(by: stage.namesWithMoments)
        // A moment that has a name may be any moment, too.
        let plain = actual.documented(by: stage.names)
        guard let rewritten = named.replacing(entry.expected, or: plain) else { return nil }
        return Mismatch(
            file: dialogue.file, subject: entry.command, number: entry.number,
            expected: entry.expected.lines, actual: named.lines, lines: entry.expectedLines,
            rewritten: rewritten.lines)
    }

    /// Compares what the server was asked: the methods and paths, or all that tells who asks what.
    private mutating func look(_ line: SetUpLine) throws -> Mismatch? {
        let look = stage.look()
        let names = stage.names
        let isDetailed = !line.content.isEmpty
        let actual = look.requests.map { names.documented(isDetailed ? $0.details : $0.place) }
        let listed = line.text.dropFirst("server saw".count).trimmingPrefix(" ")
        let expected =
            isDetailed
            ? line.content
            : listed == "nothing" ? [] : listed.split(separator: ", ").map(String.init)
        guard var rewritten = ExpectedLines(expected).rewritten(as: actual) else {
            guard expected.isEmpty, look.isAny else { return nil }
            return mismatch(at: line, expected: ["nothing"], actual: ["a connection"], [line.text])
        }
        if isDetailed {
            rewritten = ["* server saw"] + rewritten.map { "    \($0)" }
        } else {
            let list = rewritten.isEmpty ? "nothing" : rewritten.joined(separator: ", ")
            rewritten = ["* server saw \(list)"]
        }
        return mismatch(at: line, expected: expected, actual: actual, rewritten)
    }

    private func mismatch(
        at line: SetUpLine, expected: [String], actual: [String], _ rewritten: [String]
    ) -> Mismatch {
        Mismatch(
            file: dialogue.file, subject: line.text, number: line.lines.lowerBound + 1,
            expected: expected, actual: actual, lines: line.lines, rewritten: rewritten)
    }
}

extension Printed {
    /// What to expect from now on; `nil` where this, or the same in other words, was expected.
    fileprivate func replacing(_ expected: Printed, or other: Printed) -> Printed? {
        let output = ExpectedLines(expected.output).rewritten(as: output, or: other.output)
        let errors = ExpectedLines(expected.errors).rewritten(as: errors, or: other.errors)
        guard output != nil || errors != nil || expected.end != end || expected.isCutOff != isCutOff
        else { return nil }
        var printed = self
        printed.output = output ?? expected.output
        printed.errors = errors ?? expected.errors
        return printed
    }
}

extension PracticeServer.Request {
    fileprivate var place: String { "\(method) \(path)\(query.map { "?\($0)" } ?? "")" }

    /// With the credential in the header, and the body.
    fileprivate var details: String {
        let credential = headers.values(of: "Authorization").map { " [\($0)]" }.joined()
        return place + credential + (bodyText.isEmpty ? "" : " \(bodyText)")
    }
}

/// A place at which something else happened than a transcript says.
struct Mismatch: Sendable, CustomStringConvertible {
    let file: String
    /// The command or the set-up line.
    let subject: String
    /// Where that is, counted from 1.
    let number: Int
    let expected: [String]
    let actual: [String]
    /// The lines that expect it, counted from 0.
    let lines: Range<Int>
    /// What these lines are to be.
    let rewritten: [String]

    var description: String {
        """
        \(file):\(number): \(subject)
        expected:
        \(Self.indented(expected))
        actual:
        \(Self.indented(actual))
        """
    }

    /// The place for whoever shows failures beside the text.
    var location: SourceLocation {
        SourceLocation(
            fileID: file, filePath: Document.top.appending(path: file).path(), line: number,
            column: 1)
    }

    private static func indented(_ lines: [String]) -> String {
        lines.isEmpty ? "    nothing" : lines.map { "    \($0)" }.joined(separator: "\n")
    }
}
