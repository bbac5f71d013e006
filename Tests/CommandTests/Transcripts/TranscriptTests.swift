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
        "a dialogue happens as it is written down",
        arguments: try isWriting ? [] : Transcript.all.flatMap(\.dialogues))
    func dialogues(_ dialogue: Dialogue) async throws {
        for mismatch in try await TranscriptPlayer.play(dialogue) {
            Issue.record("\(mismatch)", sourceLocation: mismatch.location)
        }
    }

    /// Written anew, or read and put together again as it was.
    @Test("a transcript is written as it is read", arguments: try Transcript.all)
    func writing(_ transcript: Transcript) async throws {
        let path = Document.top.appending(path: transcript.file)
        guard isWriting else {
            #expect(transcript.rewritten([]) == (try String(contentsOf: path, encoding: .utf8)))
            return
        }
        var mismatches: [Mismatch] = []
        for dialogue in transcript.dialogues {
            mismatches += try await TranscriptPlayer.play(dialogue)
        }
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
