import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

/// A server, or curl, that repeats what it was sent: nothing of it is shown or saved.
@Suite("Echoes of secrets", .inTurn) struct EchoCommandTests {
    private static let clientSecret = "cl13nt+s3cr3t/&%\"w1th\" signs"

    enum Encoding: String, CaseIterable, Sendable {
        case asItIs, form, formInLowerCase, basic, base64, unicode, beginning

        func spell(_ secret: String) -> String {
            let form = secret.utf8.map { byte in
                // What RFC 6749 Appendix B leaves as it is, as we do.
                let isPlain =
                    Character(Unicode.Scalar(byte)).isLetter
                    || (0x30...0x39) ~= byte || "-._*".utf8.contains(byte)
                return isPlain
                    ? String(Unicode.Scalar(byte))
                    : byte == 0x20 ? "+" : String(format: "%%%02X", byte)
            }.joined()
            return switch self {
            case .asItIs: secret
            case .form: form
            case .formInLowerCase: form.lowercased()
            case .basic: "Basic " + Data("conf:\(form)".utf8).base64EncodedString()
            case .base64: Data(secret.utf8).base64EncodedString()
            case .unicode:
                secret.unicodeScalars.map { String(format: "\\u%04x", $0.value) }.joined()
            case .beginning: String(secret.prefix(14))
            }
        }
    }

    enum Place: String, CaseIterable, Sendable {
        case error, errors, scope
        case errorDescription = "error_description"
        case tokenType = "token_type"

        func answer(_ echo: String) -> PracticeServer.Fault.Effect {
            func answer(_ status: Int, _ members: PracticeServer.JSON)
                -> PracticeServer.Fault.Effect
            {
                .answer(PracticeServer.Answer(status: status, json: members))
            }
            let echo = PracticeServer.JSON.string("no '\(echo)'")
            return switch self {
            case .error: answer(400, ["error": echo])
            case .errorDescription:
                answer(400, ["error": "invalid_grant", "error_description": echo])
            case .errors: answer(403, ["errors": echo])
            case .tokenType:
                answer(200, ["access_token": "a-new-access-token", "token_type": echo])
            case .scope:
                answer(
                    200,
                    [
                        "access_token": "a-new-access-token", "token_type": "Bearer", "scope": echo,
                        "expires_in": 3600,
                    ])
            }
        }
    }

    struct Echo: Sendable, CustomTestStringConvertible {
        let encoding: Encoding
        let place: Place

        var testDescription: String { "\(encoding.rawValue) in \(place.rawValue)" }
    }

    private static let echoes = Encoding.allCases.flatMap { encoding in
        Place.allCases.map { Echo(encoding: encoding, place: $0) }
    }

    /// Everything that the user, or anyone with a copy of the home folder, can see, without the files
    /// that hold secrets.
    private func shown(_ outcomes: [Outcome], _ home: ScratchHome) -> String {
        let files = home.files.filter {
            !["token.json", "auth_client.json"].contains(URL(filePath: $0).lastPathComponent)
                && !$0.contains("token.answer.")
        }
        // The error is ignored: folders and locks have no text.
        return (outcomes.map { $0.text + $0.errors } + files.compactMap { try? home.read($0) })
            .joined(separator: "\n")
    }

    /// Whether eight characters of a spelling of the secret can be read in a text.
    private func isReadable(_ secret: String, in text: String) -> Bool {
        // The name of the client precedes the secret and may be shown.
        let name = "Basic \(Data("conf:\(secret.prefix(1))".utf8).base64EncodedString())"
        return Encoding.allCases.filter { $0 != .unicode }.map { $0.spell(secret) }.contains {
            spelt in
            spelt.indices.contains { start in
                let piece = spelt[start...].prefix(8)
                return piece.count == 8 && !name.contains(piece) && text.contains(piece)
            }
        }
    }

    @Test("SEC-04: what a token endpoint repeats is neither shown nor saved", arguments: echoes)
    func tokenEndpoint(_ echo: Echo) async throws {
        let session = try PersonalSession(
            client: "conf",
            changing: [
                ("client_type", "oidc_device_code_secret"),
                ("client_secret", .string(Self.clientSecret)),
            ])
        let refreshToken = session.refreshToken
        for secret in [Self.clientSecret, refreshToken] {
            try session.write(
                access: session.accessToken, refresh: refreshToken, expiresIn: -10)
            session.server.faults = [
                PracticeServer.Fault(
                    echo.place.answer(echo.encoding.spell(secret)), path: "/token")
            ]
            let trace = ["PLANET_CRED_TRACE": session.home.absolute("trace")]
            let outcomes = [
                try await session.run("token", with: trace),
                try await session.run("status"), try await session.run("status", "--json"),
                try await session.run("inspect", "--json"),
            ]
            #expect(!isReadable(secret, in: shown(outcomes, session.home)))
            _ = try await session.home.shell("rm -f ~/.planet/person/token.[bsp]*")
        }
    }

    @Test(
        "SEC-04: what curl repeats of a request, or of a proxy's password, is not shown",
        arguments: [
            "http://me:pr0xy-passw0rd@proxy.example:3128", "me:pr0xy-passw0rd@proxy.example:3128",
        ])
    func curl(_ proxy: String) async throws {
        let session = try PersonalSession(
            client: "conf",
            changing: [
                ("client_type", "oidc_device_code_secret"),
                ("client_secret", .string(Self.clientSecret)),
            ])
        let program = try await session.home.shell(
            """
            cat >~/echo <<'END'
            #!/bin/bash
            words=$(tr '\\n' ' ')
            echo "curl: (7) proxy $https_proxy failed: ${words: -400}" >&2
            exit 7
            END
            chmod 700 ~/echo
            """)
        #expect(program.status == 0)
        let variables = [
            "PLANET_CRED_CURL": session.home.absolute("echo"), "https_proxy": proxy,
            "PLANET_CRED_TRACE": session.home.absolute("trace"),
        ]
        let outcome = try await session.run("token", with: variables)
        #expect(outcome.status == 75)
        let shown = shown([outcome], session.home)
        #expect(shown.contains("curl says"))
        #expect(!isReadable(Self.clientSecret, in: shown))
        #expect(!isReadable(session.refreshToken, in: shown))
        #expect(!shown.contains("pr0xy"))
    }
}
