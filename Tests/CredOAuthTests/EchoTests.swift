import CredCore
import CredOAuth
import TestSupport
import Testing

/// A server that repeats what it was told, in all places that we show.
@Suite("Echoes") struct EchoTests {
    /// The secrets of one request, all different.
    enum Sent: String, CaseIterable, Sendable {
        case clientSecret = "cl13nt+s3cr3t/&%w1th \"signs\""
        case code = "c0de-4-once/+=0123456789"
        case verifier = "v3rifier_0123456789-abcdefghijklmnopqrstuvw"
        case refreshToken = "r3fresh.t0ken-0123456789~abcdef"
        case deviceCode = "d3vice:c0de/0123456789"
        case password = "p4ss word+<&>\u{FC}\u{20AC}"
        case accessToken = "acc3ss.t0ken.0123456789"

        /// The field in which it is sent; `nil` for what is sent in a header.
        var field: String? {
            switch self {
            case .clientSecret: "client_secret"
            case .code: "code"
            case .verifier: "code_verifier"
            case .refreshToken: "refresh_token"
            case .deviceCode: "device_code"
            case .password: "password"
            case .accessToken: "token"
            }
        }
    }

    enum Encoding: String, CaseIterable, Sendable {
        case asItIs, form, formInLowerCase, percent, base64, basic, html, unicode, beginning

        func spell(_ secret: String) -> String {
            let form = FormEncoding.encode(secret)
            return switch self {
            case .asItIs: secret
            case .form: form
            case .formInLowerCase:
                form.split(separator: "%", omittingEmptySubsequences: false).enumerated().map {
                    $0 == 0 ? String($1) : "%" + $1.prefix(2).lowercased() + $1.dropFirst(2)
                }.joined()
            case .percent: form.split(separator: "+").joined(separator: "%20")
            case .base64: Base64.encode(Array(secret.utf8), .standard)
            case .basic: "Basic " + Base64.encode(Array("id:\(form)".utf8), .standard)
            case .html: secret.unicodeScalars.map { "&#\($0.value);" }.joined()
            case .unicode:
                secret.unicodeScalars.map {
                    let digits = String($0.value, radix: 16)
                    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }.joined()
            case .beginning: String(secret.prefix(12))
            }
        }
    }

    /// Where it is repeated.
    enum Place: String, CaseIterable, Sendable {
        case error
        case errorDescription = "error_description"
        case message, errors
        case tokenType = "token_type"
        case errorWithSuccess, descriptionOfBusyPoll, missingEndpoint

        func answer(_ echo: JSONValue) -> TransportResult {
            func answer(_ status: Int, _ object: JSONObject) -> TransportResult {
                .status(status, JSONValue.object(object).text(.compact))
            }
            return switch self {
            case .error: answer(400, ["error": echo])
            case .errorDescription:
                answer(400, ["error": .string("invalid_grant"), "error_description": echo])
            case .message: answer(403, ["message": echo])
            case .errors: answer(400, ["errors": echo])
            case .tokenType: answer(200, ["access_token": .string("t"), "token_type": echo])
            case .errorWithSuccess:
                answer(200, ["error": .string("no"), "error_description": echo])
            case .descriptionOfBusyPoll:
                answer(400, ["error": .string("server_error"), "error_description": echo])
            case .missingEndpoint: answer(404, ["error_description": echo])
            }
        }
    }

    struct Echo: Sendable, CustomTestStringConvertible {
        let sent: Sent
        let encoding: Encoding
        let place: Place

        var testDescription: String { "\(sent), \(encoding.rawValue), in \(place.rawValue)" }
        var text: String { "no <\(encoding.spell(sent.rawValue))>" }
    }

    private static let echoes = Sent.allCases.flatMap { sent in
        Encoding.allCases.flatMap { encoding in
            Place.allCases.map { Echo(sent: sent, encoding: encoding, place: $0) }
        }
    }

    /// Whether eight characters of what was sent, or of the echo, can be read.
    private func isReadable(_ echo: Echo, in text: String) -> Bool {
        let secret = echo.sent.rawValue
        return [secret, FormEncoding.encode(secret), echo.encoding.spell(secret)].contains {
            spelt in
            spelt.indices.contains { start in
                let piece = spelt[start...].prefix(8)
                return piece.count == 8 && !"Basic aWQ6".contains(piece) && text.contains(piece)
            }
        }
    }

    @Test("SEC-04: a refusal of the token endpoint shows nothing that was sent", arguments: echoes)
    func tokenEndpoint(_ echo: Echo) throws {
        let field = FormField(echo.sent.field ?? "", Secret(echo.sent.rawValue))
        let client: ClientCredential =
            echo.sent == .clientSecret
            ? .secret(
                id: "id", Secret(echo.sent.rawValue), echo.encoding == .basic ? .basic : .post)
            : .identifier("id")
        let result = TokenEndpoint.request(
            echo.sent == .clientSecret ? [] : [field], as: client,
            at: try WebURL("https://as.example/token"), certificateAuthorityFile: nil,
            world: ScriptedServer(echo.place.answer(.string(echo.text))).world, timeLimit: 1)
        let shown =
            switch result {
            case .rejected(let rejection), .endpointMissing(.notFound(let rejection)):
                rejection.reason
            case .busy(let reason, _), .unusable(let reason),
                .endpointMissing(.unnamed(let reason)):
                reason
            case .failed(let failure): failure.asReason
            case .success(let response): "\(response.members)"
            }
        #expect(!shown.isEmpty)
        #expect(!isReadable(echo, in: shown))
    }

    @Test(
        "SEC-04: the members of a granted answer keep nothing that was sent",
        arguments: Encoding.allCases)
    func granted(_ encoding: Encoding) throws {
        let secret = Sent.refreshToken.rawValue
        let echo = encoding.spell(secret)
        let members: JSONObject = [
            "access_token": .string("NEW-ACCESS-TOKEN"), "token_type": .string("Bearer"),
            "refresh_token": .string(secret), "scope": .string("a \(echo) NEW-ACCESS-TOKEN"),
            "x": .array([.object(["y": .string(echo)])]),
        ]
        let result = TokenEndpoint.request(
            RefreshTokenGrant.fields(Secret(secret)), as: .identifier("id"),
            at: try WebURL("https://as.example/token"), certificateAuthorityFile: nil,
            world: ScriptedServer(.status(200, JSONValue.object(members).text(.compact))).world,
            timeLimit: 1)
        let response = try #require(result.value)
        #expect(response.refreshToken == Secret(secret))
        #expect(response.members["access_token"] == .string("NEW-ACCESS-TOKEN"))
        var shown = response.members
        for name in ["access_token", "refresh_token"] { shown[name] = nil }
        let text = JSONValue.object(shown).text(.compact)
        #expect(!text.contains("NEW-ACCESS"))
        #expect(!isReadable(Echo(sent: .refreshToken, encoding: encoding, place: .error), in: text))
    }

    @Test(
        "SEC-04: an opinion about a token does not repeat it",
        arguments: Encoding.allCases)
    func opinions(_ encoding: Encoding) throws {
        let echo = encoding.spell(Sent.accessToken.rawValue)
        let members: JSONObject = [
            "active": .bool(true), "sub": .string(echo), echo: .string("x"),
            "list": .array([.string(echo)]),
        ]
        let server = ScriptedServer(
            .status(200, JSONValue.object(members).text(.compact)),
            .status(200, JSONValue.object(members).text(.compact)))
        let token = try #require(
            Authorization(scheme: "Bearer", credential: Sent.accessToken.rawValue))
        let results = [
            TokenInquiry.introspect(
                token.credential, as: .identifier("id"), at: try WebURL("https://as.example/i"),
                certificateAuthorityFile: nil, world: server.world, timeLimit: 1),
            TokenInquiry.show(
                token, at: try WebURL("https://as.example/u"), certificateAuthorityFile: nil,
                world: server.world, timeLimit: 1),
        ]
        for result in results {
            let shown = "\(try #require(result.value))"
            #expect(
                !isReadable(Echo(sent: .accessToken, encoding: encoding, place: .error), in: shown))
        }
    }

    @Test(
        "SEC-04: the refusal of a device authorization shows nothing that was sent",
        arguments: ["user_code", "verification_uri", "verification_uri_complete"])
    func deviceAuthorization(_ name: String) throws {
        var members: JSONObject = [
            "device_code": .string(Sent.deviceCode.rawValue), "user_code": .string("ABCD-EFGH"),
            "verification_uri": .string("https://as.example/d"), "expires_in": .number("60"),
        ]
        let echo = Encoding.form.spell(Sent.clientSecret.rawValue)
        members[name] = .string(name == "user_code" ? echo : "https://as.example/?c=\(echo)")
        let client = try OAuthClient.example("oidc_device_code_secret")
        let result = DeviceCodeGrant(
            client, as: .secret(id: "id", Secret(Sent.clientSecret.rawValue), .post),
            world: ScriptedServer(.status(200, JSONValue.object(members).text(.compact))).world
        ).start(at: try WebURL("https://as.example/device"), timeLimit: 1)
        let problem = try #require(result.problem)
        #expect(problem.contains("its '\(name)' repeats a secret that was sent"))
    }

    @Test(
        "SEC-04: the refusal of metadata shows nothing that was sent", arguments: Encoding.allCases)
    func metadata(_ encoding: Encoding) throws {
        let echo = Echo(sent: .clientSecret, encoding: encoding, place: .error)
        for name in ["issuer", "token_endpoint"] {
            var document: JSONObject = ["issuer": .string("https://as.example")]
            document[name] = .string("https://\(echo.text)")
            let failure = try #require(throws: Failure.self) {
                try ServerMetadata(
                    document, server: AuthorizationServer(issuer: "https://as.example"),
                    sent: SentSecrets([Secret(echo.sent.rawValue)]))
            }
            #expect(!isReadable(echo, in: failure.asReason))
        }
    }

    @Test(
        "SEC-04: the refusal of a redirect shows nothing that was sent",
        arguments: Encoding.allCases)
    func redirects(_ encoding: Encoding) throws {
        let echo = Echo(sent: .clientSecret, encoding: encoding, place: .error)
        let request = try AuthorizationRequest.example(
            issuer: ExpectedIssuer("https://as.example", naming: .perhaps),
            secrets: SentSecrets([Secret(echo.sent.rawValue)]))
        let state = try #require(request.parameter("state"))
        let text = FormEncoding.encode(echo.text)
        for query in ["error=\(text)", "error=no&error_description=\(text)", "iss=\(text)&code=c"] {
            let reply = RedirectReply(query: "state=\(state)&\(query)", to: request)
            let shown = try #require(reply.rejection?.reason ?? reply.problem)
            #expect(!isReadable(echo, in: shown))
        }
    }
}
