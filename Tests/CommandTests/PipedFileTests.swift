import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("A pipe in place of a file", .inTurn) struct PipedFileTests {
    private static let remedy = "try: cat FILE | planet-cred --profile-file - token"
    private static let key = #"{"client_type": "static_apikey", "api_key": "k"}"#

    @Test(
        "a profile that comes by a pipe is refused with the way that works",
        arguments: [
            Row("a substitution", "planet-cred --profile-file <(cat p.json) token", remedy),
            Row(
                "standard input", "cat p.json | planet-cred --profile-file /dev/stdin token", remedy
            ),
            Row(
                "a variable", "PLANET_CRED_PROFILE_FILE=<(cat p.json) planet-cred token", remedy),
            Row(
                "nothing kept", "planet-cred --no-save --profile-file <(cat p.json) token",
                "try: cat FILE | planet-cred --no-save --profile-file - token"),
        ])
    func profile(_ row: Row<String, String>) async throws {
        let home = try ScratchHome()
        try home.write("\(home.root)/work/p.json", Self.key)
        let answer = try await home.shell(row.given)
        #expect(answer.errorParts[0].hasPrefix("error: cannot read profile file '/dev/"))
        #expect(
            answer.errorParts.dropFirst() == [
                "because: it is not a regular file; '--profile-file -' reads standard input",
                row.wanted,
            ])
        #expect(answer.end == .exited(78))
    }

    @Test("a key that comes by a pipe is refused with the option that works") func key()
        async throws
    {
        let home = try ScratchHome()
        try home.writeProfile("person", ["client_type": "static_apikey"])
        let answer = try await home.shell("planet-cred login person --key-file <(echo key)")
        #expect(
            answer.errorParts[1]
                == "because: it is not a regular file; '--key-file -' reads standard input")
        #expect(answer.end == .exited(1))
    }
}
