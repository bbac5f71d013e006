import CredCore
import CredOAuth
import TestSupport
import Testing

extension OAuthClient {
    /// The client of a profile with these members; a later one counts.
    static func example(_ type: String = "oidc_auth_code", _ members: String = "") throws
        -> OAuthClient
    {
        let text =
            #"{"client_type":"\#(type)","client_id":"id","client_secret":"s","#
            + #""auth_server":"https://as.example"\#(members)}"#
        let object = try #require(try JSONValue(parsing: Array(text.utf8)).object)
        let profile = try Profile(parsing: object, name: ProfileName("test"))
        guard case .oauth(let client) = profile.method else {
            throw Failure(.failed, "no OAuth client")
        }
        return client
    }
}

extension World {
    /// A world without anybody else, whose random numbers are random.
    static var alone: World {
        var world = ScriptedServer().world
        world.clock.random = { count in (0..<count).map { _ in UInt8.random(in: 0...255) } }
        return world
    }
}

extension AuthorizationRequest {
    /// An attempt of the example client at `https://as.example`.
    static func example(
        _ members: String = "", endpoint: String = "https://as.example/authorize",
        issuer: ExpectedIssuer? = nil, redirectURI: String = "http://127.0.0.1:5000/callback",
        type: String = "oidc_auth_code", secrets: SentSecrets = .none, world: World = .alone
    ) throws -> AuthorizationRequest {
        AuthorizationRequest(
            try .example(type, members), endpoint: try WebURL(endpoint), issuer: issuer,
            redirectURI: redirectURI, secrets: secrets, world: world)
    }

    /// What the browser is sent with.
    var parameters: [FormField]? { url.query.flatMap(FormEncoding.decode) }

    /// The only value of a parameter; `nil` for none and for more than one.
    func parameter(_ name: String) -> String? {
        let values = (parameters ?? []).filter { $0.name == name }.map(\.value)
        return values.count == 1 ? values[0] : nil
    }
}

extension EndpointResult {
    var value: Value? {
        if case .success(let value) = self { value } else { nil }
    }

    var rejection: OAuthRejection? {
        if case .rejected(let rejection) = self { rejection } else { nil }
    }

    /// Why the answer is of no use.
    var problem: String? {
        if case .unusable(let problem) = self { problem } else { nil }
    }

    var failure: Failure? {
        if case .failed(let failure) = self { failure } else { nil }
    }

    /// In words, for tables.
    var summary: String {
        switch self {
        case .success: "success"
        case .rejected(let rejection): "no \(rejection.code ?? "-")"
        case .endpointMissing: "no endpoint"
        case .busy: "busy"
        case .unusable: "unusable"
        case .failed: "failed"
        }
    }
}

extension RedirectReply {
    /// In words, for tables.
    var summary: String {
        switch self {
        case .code(let code): "code \(code.reveal())"
        case .rejected(let rejection): "rejected \(rejection.code ?? "-")"
        case .foreign: "foreign"
        case .unusable: "unusable"
        }
    }

    var rejection: OAuthRejection? {
        if case .rejected(let rejection) = self { rejection } else { nil }
    }

    /// Why the reply is not taken.
    var problem: String? {
        switch self {
        case .foreign(let problem), .unusable(let problem): problem
        case .code, .rejected: nil
        }
    }
}
