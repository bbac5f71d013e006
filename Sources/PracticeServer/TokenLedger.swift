import Synchronization
import Workbench

/// The access tokens handed out and the API keys, and which of them are valid.
final class TokenLedger: Sendable {
    /// A token that was handed out, in seconds since 1970.
    struct Grant {
        let permission: Permission
        let issuedAt: Int64
        let expiresAt: Int64
    }

    private struct Entries {
        var issued: [String] = []
        var grants: [String: Grant] = [:]
        var endedFamilies: Set<String> = []
        var apiKeys: Set<String>
    }

    private let issuer: String
    private let configuration: PracticeServer.Configuration
    private let clock: PracticeClock
    private let children: Children
    private let entries: Mutex<Entries>

    init(
        issuer: String, _ configuration: PracticeServer.Configuration, clock: PracticeClock,
        children: Children
    ) {
        self.issuer = issuer
        self.configuration = configuration
        self.clock = clock
        self.children = children
        entries = Mutex(Entries(apiKeys: configuration.apiKeys))
    }

    var issued: [String] { entries.withLock { $0.issued } }

    func issue(_ permission: Permission) throws(Problem) -> String {
        let now = clock.now
        let grant = Grant(
            permission: permission, issuedAt: now, expiresAt: now + configuration.tokenLifetime)
        let token: String
        switch configuration.tokenFormat {
        case .opaque:
            let random = Self.randomText()
            token = random + Self.padding(of: configuration.tokenSize - random.utf8.count)
        case .signed(let algorithm):
            token = try JWT(
                type: "at+jwt", claims: claims(of: grant), algorithm: algorithm,
                minimumByteCount: configuration.tokenSize
            ).signed(among: children)
        }
        entries.withLock {
            $0.issued.append(token)
            $0.grants[token] = grant
        }
        return token
    }

    func revoke(_ credential: String) {
        entries.withLock {
            $0.grants[credential] = nil
            $0.apiKeys.remove(credential)
        }
    }

    /// Ends all tokens of a family, also those that are still to come.
    func end(_ family: String) { entries.withLock { _ = $0.endedFamilies.insert(family) } }

    /// What a valid token stands for.
    func grant(of token: String) -> Grant? {
        entries.withLock { entries in
            guard let grant = entries.grants[token], clock.now < grant.expiresAt,
                !entries.endedFamilies.contains(grant.permission.family)
            else { return nil }
            return grant
        }
    }

    /// Whom a valid token was issued for: the person, or the client that acts for itself.
    func owner(ofToken token: String) -> String? { grant(of: token)?.permission.subject }

    func isValid(apiKey: String) -> Bool { entries.withLock { $0.apiKeys.contains(apiKey) } }

    /// Whom a valid token or API key belongs to.
    func owner(of credential: String) -> String? {
        owner(ofToken: credential) ?? (isValid(apiKey: credential) ? "api-key" : nil)
    }

    /// RFC 9068 §2.2
    private func claims(of grant: Grant) -> JWT.Claims {
        let permission = grant.permission
        return [
            ("iss", .string(issuer)), ("sub", .string(permission.subject)),
            ("client_id", .string(permission.client)), ("aud", .string("practice")),
            ("iat", .number(grant.issuedAt)), ("exp", .number(grant.expiresAt)),
            ("jti", .string(Self.randomText())),
        ] + (permission.scope.map { [("scope", .string($0))] } ?? [])
    }

    static func padding(of count: Int) -> String { String(repeating: "x", count: max(0, count)) }

    /// 32 characters with 128 random bits.
    static func randomText() -> String {
        (0..<2).map { _ in
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
