import CredCore
import CredOAuth
import TestSupport
import Testing
import Workbench

/// Noise and mutated replies: they may be refused, never taken for what they are not.
@Suite("Hostile replies") struct HostileReplyTests {
    @Test("AUTH-03: whatever a browser brings, a code comes only with our state")
    func redirect() throws {
        let request = try attempt()
        let state = try #require(request.parameter("state"))
        let queries = Self.texts(
            seed: 21,
            from: [
                "code=abc&state=\(state)", "state=\(state)&code=a%2Fb&iss=https%3A%2F%2Fas.example",
                "error=access_denied&error_description=no+%C3%BC&state=\(state)", "code=x&state=y",
            ])
        let taken = queries.filter { text in
            RedirectReply(query: text, to: request).summary.utf8.starts(with: "code ".utf8)
        }
        let stolen = taken.filter { text in
            FormEncoding.decode(text)?.filter { $0.name == "state" } != [FormField("state", state)]
        }
        #expect(taken.count > 100)
        #expect(stolen.isEmpty)
    }

    @Test("AUTH-04: whatever a browser brings, no word of it can steer a terminal")
    func words() throws {
        let request = try attempt()
        let state = try #require(request.parameter("state"))
        let replies = Self.texts(
            seed: 22,
            from: [
                "state=\(state)&error=a%1b%5B2J&error_description=%E2%80%AE%C2%9B%00%0D%0A",
                "state=\(state)&code=a&iss=%1b%5B2J%0A",
            ]
        ).map { RedirectReply(query: $0, to: request) }
        let failures = replies.compactMap { reply in
            (reply.rejection?.reason ?? reply.problem).map {
                Failure(.loginRequired, "cannot log in", because: $0)
            }
        }
        let broken = failures.filter { failure in
            failure.because?.unicodeScalars.contains {
                $0.properties.generalCategory == .control
            } == true
        }
        #expect(failures.count > 100)
        #expect(replies.count { $0.rejection != nil } > 100)
        #expect(broken.isEmpty)
    }

    private static func summary(_ text: String, _ request: AuthorizationRequest) -> String {
        PastedReply(text, wanted: .addressOrCode, to: request).summary
    }

    @Test("whatever is pasted, a code without its URL is one word, as it was pasted")
    func pasted() throws {
        let request = try attempt()
        let texts = Self.texts(
            seed: 23, from: ["4/0Ab-c_d.e~f", "  abc  ", "https://a.example/cb?code=c&state=s"])
        let words = texts.filter { !$0.utf8.contains(UInt8(ascii: "?")) }
        let taken = words.filter { text in
            Self.summary(text, request).utf8.starts(with: "code ".utf8)
        }
        let broken = taken.filter { text in
            // Quotes and brackets around it are no part of it.
            let word = text.trimmingMarks.split { $0 == " " || $0 == "\t" }.joined(separator: "|")
            return Self.summary(text, request) != "code \(word)"
        }
        #expect(taken.count > 100)
        #expect(broken.isEmpty)
    }

    @Test(
        "DEV-10: whatever starts a device login has a safe place, a printable code and sane times",
        arguments: 1...4 as ClosedRange<UInt64>)
    func device(_ seed: UInt64) throws {
        let client = try OAuthClient.example("oidc_device_code")
        let endpoint = try WebURL("https://as.example/device")
        let inputs = SeededBytes.inputs(count: 5000, seed: seed, from: Self.answers)
        let started = inputs.compactMap { body in
            var world = ScriptedServer().world
            world.engines.send = { _, _, _ in
                .answered(HTTPResponse(status: 200, headers: [], body: body))
            }
            return DeviceCodeGrant(client, as: .identifier("id"), world: world)
                .start(at: endpoint, timeLimit: 1).value
        }
        let unsafe = started.filter { authorization in
            let places =
                [authorization.verificationURI] + [authorization.completeURI].compactMap(\.self)
            return !places.allSatisfy { $0.origin.scheme == .https || $0.origin.host.isLoopback }
        }
        let unprintable = started.filter { authorization in
            authorization.userCode.unicodeScalars.contains {
                $0.properties.generalCategory == .control
            }
        }
        let insane = started.filter { authorization in
            !(1...86_400).contains(authorization.lifetime)
                || !(1...3600).contains(authorization.interval)
                || authorization.deviceCode.isEmpty || authorization.userCode.isEmpty
        }
        #expect(started.count > 100)
        #expect(unsafe.isEmpty)
        #expect(unprintable.isEmpty)
        #expect(insane.isEmpty)
    }

    /// The same in every run.
    private func attempt() throws -> AuthorizationRequest {
        var world = ScriptedServer().world
        world.clock.random = { Array(0..<UInt8($0)) }
        return try .example(
            issuer: ExpectedIssuer("https://as.example", naming: .perhaps),
            world: world)
    }

    private static func texts(seed: UInt64, from examples: [String]) -> [String] {
        SeededBytes.inputs(count: 20_000, seed: seed, from: examples).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private static let answers = [
        #"{"device_code":"d","user_code":"A-\u001b","verification_uri":"https://a.example/","#
            + #""expires_in":600}"#,
        #"{"interval":5,"expires_in":1.8e3,"device_code":"d","user_code":"WDJB","#
            + #""verification_uri":"http://localhost:8080/x","#
            + #""verification_uri_complete":"https://a.example/x?c=WDJB"}"#,
    ]
}

extension String {
    fileprivate var trimmingMarks: String {
        let marks: Set<Character> = [
            "\"", "'", "`", "<", ">", "(", ")", "[", "]", "{", "}", " ", "\t", "\r",
        ]
        let start = firstIndex { !marks.contains($0) } ?? endIndex
        return String(self[start...].reversed().drop { marks.contains($0) }.reversed())
    }
}
