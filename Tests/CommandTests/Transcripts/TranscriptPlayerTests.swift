import TestSupport
import Testing
import Workbench

/// The player of transcripts, by transcripts that do not happen as they are written down.
@Suite("The player of transcripts", .inTurn) struct TranscriptPlayerTests {
    private static func transcript(_ lines: String) throws -> Transcript {
        try Transcript(
            file: "Tests/Transcripts/wrong.txt", text: "For people.\n\n# a\n\n\(lines)\n")
    }

    private static func mismatches(_ transcript: Transcript) async throws -> [Mismatch] {
        var mismatches: [Mismatch] = []
        for dialogue in transcript.dialogues {
            mismatches += try await TranscriptPlayer.play(dialogue)
        }
        return mismatches
    }

    @Test("what happens as it is written down is no mismatch")
    func right() async throws {
        let transcript = try Self.transcript(
            """
            $ export NAME='x  y'; cd ~
            // A comment.
            $ echo "$NAME"; pwd; printf '\\n\\033[m| at 2026-01-01T00:00:00Z'; echo no >&2; exit 3
            x  y
            /home/ada
            |
            | \\x1b[m| at 2025-12-31T23:59:59Z
            [no newline]
            ! no
            [3]

            $ cat; seq 10 20
            < a
            <
            < b
            a
            |
            b
            1...
            ...
            20
            """)
        #expect(try await Self.mismatches(transcript).map(\.description) == [])
    }

    @Test(
        "what happens otherwise is told with its place, and what was expected",
        arguments: [
            Row(
                "a line is missing", "$ seq 2\n1",
                "5: seq 2\nexpected:\n    1\nactual:\n    1\n    2"),
            Row(
                "a line too many", "$ echo\n|\nb",
                "5: echo\nexpected:\n    |\n    b\nactual:\n    |"),
            Row(
                "another status", "\n$ exit 2\n[1]",
                "6: exit 2\nexpected:\n    [1]\nactual:\n    [2]"),
            Row(
                "an error", "$ echo a >&2",
                "5: echo a >&2\nexpected:\n    nothing\nactual:\n    ! a"),
            Row("no error", "$ true\n! a", "5: true\nexpected:\n    ! a\nactual:\n    nothing"),
            Row(
                "the other stream", "$ echo a\n! a",
                "5: echo a\nexpected:\n    ! a\nactual:\n    a"),
            Row(
                "no end of the line", "$ printf a\na",
                "5: printf a\nexpected:\n    a\nactual:\n    a\n    [no newline]"),
            Row(
                "other requests",
                "* profile p\n$ planet-cred status | head -n 1\nprofile        p\n"
                    + "* server saw POST /token",
                "8: server saw POST /token\nexpected:\n    POST /token\nactual:\n    nothing"),
        ])
    func wrong(_ row: Row<String, String>) async throws {
        let mismatches = try await Self.mismatches(try Self.transcript(row.given))
        #expect(mismatches.map(\.description) == ["Tests/Transcripts/wrong.txt:\(row.wanted)"])
    }

    @Test(
        "what cannot be played is told with its place",
        arguments: [
            Example("an unknown line", "* weather fine"), Example("no command", "a"),
            Example("a wrong token", "* profile p\n* server accepts TOKEN-1"),
        ])
    func unplayable(_ row: Example<String>) async throws {
        await #expect(throws: TranscriptProblem.self) {
            try await Self.mismatches(try Self.transcript(row.given))
        }
    }

    @Test("each case has the lines of its sentence, and a home of its own") func cases()
        async throws
    {
        let transcript = try Self.transcript(
            "$ touch ~/a\n\n## b\n$ ls ~; touch ~/c\na\n\n## d\n$ ls ~\na")
        #expect(transcript.dialogues.map(\.name) == ["a: b", "a: d"])
        #expect(try await Self.mismatches(transcript).isEmpty)
    }

    @Test("a transcript that is written anew keeps its words and the patterns that fit")
    func rewritten() async throws {
        let before = """
            * profile practice
            $ planet-cred token

            ## case
            $ printf '%s\\n' 'one 15 of 7' two three 'at 2026-01-01T00:00:00Z' >&2; exit 4
            ! 1 ... of 7
            ! ...
            ! from 2025-12-31T23:59:59Z
            [5]
            * server saw GET ..., POST /token
            $ echo
            * server saw POST /token
            """
        let after = """
            * profile practice
            $ planet-cred token
            TOKEN-1

            ## case
            $ printf '%s\\n' 'one 15 of 7' two three 'at 2026-01-01T00:00:00Z' >&2; exit 4
            ! one ... of 7
            ! ...
            ! at 2025-12-31T23:59:59Z
            [4]
            * server saw GET ..., POST /token
            $ echo
            |
            * server saw nothing
            """
        let transcript = try Self.transcript(before)
        let rewritten = transcript.rewritten(try await Self.mismatches(transcript))
        #expect(rewritten == (try Self.transcript(after)).lines.joined(separator: "\n"))
    }
}
