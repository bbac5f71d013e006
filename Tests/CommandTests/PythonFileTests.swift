import TestSupport
import Testing
import Workbench

@Suite("Files of Planet's Python tools", .inTurn) struct PythonFileTests {
    @Test(
        "a folder that they wrote gives the same credential without any request",
        arguments: [
            Row("a service account", PythonSample.serviceAccount, "Bearer"),
            Row("an opaque token", .opaqueToken, "Bearer"),
            Row("a login by device code", .deviceCode, "Bearer"),
            Row("a key", .staticKey, "api-key"),
            Row("a key in token.json", .staticKeyInToken, "api-key"),
            Row("a key from e-mail and password", .legacy, "api-key"),
        ])
    func samples(_ row: Row<PythonSample, String>) async throws {
        let home = try ScratchHome()
        try home.write(ScratchHome.profilePath("theirs"), row.given.profileText)
        try row.given.tokenText.map { try home.writeTokenFile("theirs", $0) }
        try await home.writeProgram("no-curl", "#!/bin/sh\ntouch ~/called\n")
        let files = home.files
        let variables = [
            "PL_AUTH_PROFILE": "theirs", "PLANET_CRED_CURL": "\(home.root)/bin/no-curl",
        ]
        let token = try await home.run("token", with: variables)
        let header = try await home.run("header", with: variables)
        #expect(token == Outcome(row.given.credential + "\n"))
        #expect(header == Outcome("Authorization: \(row.wanted) \(row.given.credential)\n"))
        #expect(home.tokenText("theirs") == row.given.tokenText)
        #expect(home.files == files)
    }

    @Test("the expiry that they compute is ours") func expiry() async throws {
        let home = try ScratchHome()
        try home.write(ScratchHome.profilePath("theirs"), PythonSample.opaqueToken.profileText)
        try home.writeTokenFile("theirs", #require(PythonSample.opaqueToken.tokenText))
        let answer = try await home.run("status", "--json", "--profile", "theirs")
        #expect(answer.text.contains("\"expires_at\": 2110586479"))
    }

    @Test("a login that has expired needs a person, and its files stay as they are") func expired()
        async throws
    {
        let home = try ScratchHome()
        try home.write(ScratchHome.profilePath("theirs"), PythonSample.deviceCode.profileText)
        let old = #"{"access_token": "old", "_iat": 1000, "_exp": 2000}"#
        try home.writeTokenFile("theirs", old)
        let answer = try await home.run("token", "--profile", "theirs")
        #expect(answer.output == [])
        #expect(answer.errorParts.last == "try: planet-cred login theirs")
        #expect(answer.end == .exited(77))
        #expect(home.tokenText("theirs") == old)
    }
}
