import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Where git's credential may go", .inTurn) struct GitHostTests {
    @Test(
        "another place gets nothing, and the server is not asked",
        arguments: [
            Example("another host", "protocol=https\nhost=evil.example\n"),
            Example("another port", "protocol=http\nhost=127.0.0.1:1\n"),
            Example("no port", "protocol=http\nhost=127.0.0.1\n"),
            Example("a scheme in capitals", "protocol=HTTP\nhost=127.0.0.1:PORT\n"),
            Example("not the web", "protocol=ssh\nhost=127.0.0.1:PORT\n"),
            Example("another name of loopback", "protocol=http\nhost=localhost:PORT\n"),
            Example("an address in another notation", "protocol=http\nhost=127.1:PORT\n"),
            Example("a user in the host", "protocol=http\nhost=127.0.0.1:PORT@evil.example\n"),
            Example("the host as a user", "protocol=http\nhost=u@127.0.0.1:PORT\n"),
            Example(
                "a host that begins like ours", "protocol=http\nhost=127.0.0.1.evil.example:PORT\n"),
            Example("a CR", "protocol=http\nhost=127.0.0.1:PORT\r\n"),
            Example("a space", "protocol=http\nhost= 127.0.0.1:PORT\n"),
            Example("a path in the host", "protocol=http\nhost=127.0.0.1:PORT/x\n"),
            Example("no host", "protocol=http\n"), Example("no scheme", "host=127.0.0.1:PORT\n"),
            Example("an empty host", "protocol=http\nhost=\n"), Example("nothing", ""),
            Example("a later host", "protocol=http\nhost=127.0.0.1:PORT\nhost=evil.example\n"),
            Example(
                "a url after the host",
                "protocol=http\nhost=127.0.0.1:PORT\nurl=https://evil.example/\n"),
            Example("a url with the host as a user", "url=http://127.0.0.1:PORT@evil.example/\n"),
            Example(
                "a url with the host in its query", "url=http://evil.example?@127.0.0.1:PORT\n"),
            Example(
                "a url with the host in its fragment", "url=http://evil.example#@127.0.0.1:PORT\n"),
            Example("a url that is none", "protocol=http\nhost=127.0.0.1:PORT\nurl=nonsense\n"),
        ])
    func elsewhere(_ row: Example<String>) async throws {
        let practice = try Practice()
        let input = row.given.replacing("PORT", with: "\(practice.server.port)")
        let answer = try await practice.run("get", input: input)
        #expect(answer == Outcome())
        #expect(practice.server.connectionCount == 0)
    }

    @Test(
        "the same place in other words gets the credential",
        arguments: [
            Example("a url", "url=http://127.0.0.1:PORT/scenes.git\n"),
            Example("a url with a user", "url=http://me@127.0.0.1:PORT/scenes.git\n"),
            Example("parts after a url", "url=http://evil.example/\nhost=127.0.0.1:PORT\n"),
            Example("a path", "protocol=http\nhost=127.0.0.1:PORT\npath=scenes.git\n"),
        ])
    func here(_ row: Example<String>) async throws {
        let practice = try Practice()
        let input = row.given.replacing("PORT", with: "\(practice.server.port)")
        let answer = try await practice.run("get", input: input)
        #expect(answer.lines.contains("password=\(practice.server.issuedTokens[0])"))
        #expect(answer.errors == "")
    }

    /// A home with keys for many hosts, and what they are.
    private func manyProfiles() throws -> ScratchHome {
        let home = try ScratchHome()
        let hosts: [(String, [PracticeServer.JSON])] = [
            ("a-wild", ["*.example.org"]), ("b-exact", ["data.example.org"]),
            ("c-port", ["data.example.org:8443"]), ("d-late", ["data.example.org"]),
            ("e-none", []),
        ]
        for (name, entries) in hosts {
            try home.writeProfile(
                name,
                [
                    "client_type": "static_apikey", "api_key": .string(name),
                    "planet_cred": ["hosts": .array(entries)],
                ])
        }
        try home.write(".planet/broken/auth_client.json", "{")
        try home.write(".planet/.hidden/auth_client.json", "{}")
        try home.write(".planet/a-file", "")
        return home
    }

    @Test(
        "among many profiles the one that names the host answers",
        arguments: [
            Row("an exact entry before a wildcard", "data.example.org", "username=b-exact"),
            Row("a wildcard", "tiles.example.org", "username=a-wild"),
            Row("a wildcard, two labels deep", "a.b.example.org", "username=a-wild"),
            Row("the usual port in full", "data.example.org:443", "username=b-exact"),
            Row("another port", "data.example.org:8443", "username=c-port"),
            Row("capitals", "DATA.Example.ORG", "username=b-exact"),
            Row("a port that nobody names", "tiles.example.org:8443", nil),
            Row("the domain of a wildcard itself", "example.org", nil),
            Row("a name that ends like ours", "evilexample.org", nil),
            Row("a dot at the end", "data.example.org.", nil),
        ] as [Row<String, String?>])
    func byHost(_ row: Row<String, String?>) async throws {
        let answer = try await manyProfiles().planetCred(
            ["get"], input: "protocol=https\nhost=\(row.given)\n"
        ).run()
        #expect(answer.lines.first == row.wanted)
        #expect(answer.errors == "")
        #expect(answer.end == .exited(0))
    }

    @Test("plain http gets nothing but on loopback") func plain() async throws {
        let answer = try await manyProfiles().planetCred(
            ["get"], input: "protocol=http\nhost=data.example.org\n"
        ).run()
        #expect(answer == Outcome())
    }

    @Test("the profile of the environment comes first where it names the host") func environment()
        async throws
    {
        let home = try manyProfiles()
        let input = "protocol=https\nhost=data.example.org\n"
        let claimed = try await home.run("get", input: input, with: ["PL_AUTH_PROFILE": "d-late"])
        let other = try await home.run("get", input: input, with: ["PL_AUTH_PROFILE": "c-port"])
        #expect(claimed.lines[0] == "username=d-late")
        #expect(other.lines[0] == "username=b-exact")
    }

    @Test("the profile of the command line is the only one asked") func option() async throws {
        let answer = try await manyProfiles().planetCred(
            ["get", "--profile", "c-port"], input: "protocol=https\nhost=data.example.org\n"
        ).run()
        #expect(answer == Outcome())
    }

    @Test("without hosts the audience names the host") func audience() async throws {
        let practice = try Practice()
        try practice.home.writeProfile(
            for: practice.server,
            changing: ["audiences": [.string(practice.server.resource)], "planet_cred": nil])
        let answer = try await practice.run(
            "get", input: "protocol=http\nhost=\(practice.authority)\n")
        #expect(answer.lines.contains("password=\(practice.server.issuedTokens[0])"))
    }

    @Test(
        "a wildcard needs a domain of two labels", arguments: ["*.org", "*", "*.127.0.0.1", "a.*"])
    func wildcard(_ entry: String) async throws {
        let practice = try Practice(own: ["hosts": [.string(entry)]])
        let answer = try await practice.run("token")
        #expect(answer.errorParts[0] == "error: cannot use profile 'practice'")
        #expect(answer.errorParts[1].contains("'planet_cred.hosts' has a wrong entry: "))
        #expect(answer.end == .exited(78))
    }

    @Test(
        "as git-credential-planet, words that we do not know do nothing",
        arguments: ["frobnicate", "approve", "reject"])
    func futureWords(_ word: String) async throws {
        let home = try ScratchHome()
        let answer = try await home.shell("git-credential-planet \(word) </dev/null")
        #expect(answer == Outcome())
    }

    @Test("as git-credential-planet we answer like planet-cred") func dispatch() async throws {
        let practice = try Practice()
        let answer = try await practice.home.shell(
            "git-credential-planet --profile practice get",
            input: "protocol=http\nhost=\(practice.authority)\n")
        #expect(answer.lines.contains("password=\(practice.server.issuedTokens[0])"))
    }
}
