import Foundation
import TestSupport
import Testing
import Workbench

/// `PLANET_CRED_WRITE_TRANSCRIPTS=1` writes what happens into the transcripts, in place of what they
/// expect.
private let isWriting =
    ProcessInfo.processInfo.environment["PLANET_CRED_WRITE_TRANSCRIPTS"] == "1"

@Suite("Transcripts", .inTurn) struct TranscriptTests {
    @Test(
        "a dialogue happens as it is written down", .disabled(if: isWriting),
        arguments: try Transcript.all.flatMap(\.dialogues))
    func dialogues(_ dialogue: Dialogue) async throws {
        for mismatch in try await TranscriptPlayer.play(dialogue) {
            Issue.record("\(mismatch)", sourceLocation: mismatch.location)
        }
    }

    @Test(
        "a transcript is written anew", .enabled(if: isWriting),
        arguments: try Transcript.all)
    func writing(_ transcript: Transcript) async throws {
        var mismatches: [Mismatch] = []
        for dialogue in transcript.dialogues {
            mismatches += try await TranscriptPlayer.play(dialogue)
        }
        let path = Document.top.appending(path: transcript.file)
        try Data(transcript.rewritten(mismatches).utf8).write(to: path)
    }

    @Test("no two dialogues have one name") func names() throws {
        let names = try Transcript.all.flatMap(\.dialogues).map(\.name)
        #expect(Dictionary(grouping: names) { $0 }.filter { $1.count > 1 }.keys.sorted() == [])
    }
}

extension Transcript: CustomTestStringConvertible {
    var testDescription: String { file }
}
