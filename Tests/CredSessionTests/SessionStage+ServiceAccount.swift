import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

/// The profile `m2m` and what goes with it.
extension SessionStage {
    static let tokenFile = "home/.planet/m2m/token.json"
    static let backoffFile = "home/.planet/m2m/token.backoff"
    static let lockFile = "home/.planet/m2m/token.lock"
    /// What is renamed to the token file, with four zeros as the random number.
    static let temporaryFile = "\(tokenFile).new.df3f6198"

    /// Writes the profile: client credentials at an endpoint that it names. A later member counts.
    func writeProfile(
        _ members: String = #""token_endpoint":"https://as.example/token""#, name: String = "m2m"
    ) throws {
        try writeObject(
            "home/.planet/\(name)/auth_client.json",
            #"{"client_type":"oidc_client_credentials_secret","client_id":"id","#
                + #""client_secret":"s3cret","auth_server":"https://as.example",\#(members)}"#)
    }

    /// Writes a token file as the Python tools do.
    func writeToken(
        _ token: String, expiresIn seconds: Int64, life: Int64 = 3600, more: String = ""
    ) throws {
        let end = now + seconds
        try write(
            Self.tokenFile,
            #"{"access_token":"\#(token)","_iat":\#(end - life),"_exp":\#(end)\#(more)}"#)
    }

    func choice(
        _ name: String? = "m2m", file: String? = nil,
        storage: ProfileRequest.Storage = .saved
    ) throws -> ProfileChoice {
        try selection(name, file: file, storage: storage).choose()
    }

    /// The same with `--no-save`, which reads a profile from a file alone.
    func unsavedChoice() throws -> ProfileChoice {
        let file = absolute("home/.planet/m2m/auth_client.json")
        return try choice(file: file, storage: .memoryOnly)
    }

    func selection(
        _ name: String? = nil, file: String? = nil, storage: ProfileRequest.Storage = .saved
    ) -> ProfileSelection {
        ProfileSelection(
            ProfileRequest(
                name: name.map(ProfileName.example), file: file, storage: storage),
            locations)
    }

    func session(_ name: String? = "m2m") throws -> Session {
        Session(try context(name))
    }

    func context(_ name: String? = "m2m") throws -> ProfileContext {
        ProfileContext(try choice(name), locations, world)
    }

    /// What `token` would print.
    func token(_ requirement: TokenRequirement = TokenRequirement(), _ name: String? = "m2m") throws
        -> String?
    {
        try session(name).credential(requirement)?.authorization.credential.reveal()
    }

    func failure(_ requirement: TokenRequirement = TokenRequirement(), _ name: String? = "m2m")
        throws -> Failure
    {
        let session = try session(name)
        return try #require(throws: Failure.self) { try session.credential(requirement) }
    }

    func client(_ name: String = "m2m") throws -> OAuthClient {
        guard case .oauth(let client) = try choice(name).profile.method else {
            throw Failure(.failed, "no OAuth client")
        }
        return client
    }

    func cache(_ name: String = "m2m") throws -> TokenFiles {
        TokenFiles(
            try context(name), binding: TokenBinding(try client(name)), fallback: .allowed)
    }
}

extension TransportResult {
    static func granted(_ token: String, _ members: String = #","expires_in":3600"#)
        -> TransportResult
    {
        status(200, #"{"access_token":"\#(token)","token_type":"Bearer"\#(members)}"#)
    }

    static let down = TransportResult.status(503)

    static func busy(retryAfter: String) -> TransportResult {
        status(429, headers: "Retry-After: \(retryAfter)\r\n")
    }

    static func metadata(tokenEndpoint: String) -> TransportResult {
        status(
            200, #"{"issuer":"https://as.example","token_endpoint":"\#(tokenEndpoint)"}"#)
    }
}
