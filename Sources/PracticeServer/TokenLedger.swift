import Synchronization

/// The access tokens handed out and the API keys, and which of them are valid.
final class TokenLedger: Sendable {
    private struct Grant {
        var owner: String
        /// Seconds since 1970.
        var expiresAt: Int64
    }

    private struct Entries {
        var issued: [String] = []
        var grants: [String: Grant] = [:]
        var apiKeys: Set<String>
    }

    private let issuer: String
    private let configuration: PracticeServer.Configuration
    private let clock: PracticeClock
    private let children: RunningChildren
    private let entries: Mutex<Entries>

    init(
        issuer: String, _ configuration: PracticeServer.Configuration, clock: PracticeClock,
        children: RunningChildren
    ) {
        self.issuer = issuer
        self.configuration = configuration
        self.clock = clock
        self.children = children
        entries = Mutex(Entries(apiKeys: configuration.apiKeys))
    }

    var issued: [String] { entries.withLock { $0.issued } }

    func issue(to client: String, scope: String?) throws -> String {
        let now = clock.now
        let expiresAt = now + configuration.tokenLifetime
        let token: String
        switch configuration.tokenFormat {
        case .opaque:
            let random = Self.randomText()
            token = random + Self.padding(of: configuration.tokenSize - random.utf8.count)
        case .jwt:
            token = try SigningKey.ofProcess.get().sign(
                claims(of: client, scope, now, expiresAt),
                minimumByteCount: configuration.tokenSize, among: children)
        }
        entries.withLock {
            $0.issued.append(token)
            $0.grants[token] = Grant(owner: client, expiresAt: expiresAt)
        }
        return token
    }

    func revoke(_ credential: String) {
        entries.withLock {
            $0.grants[credential] = nil
            $0.apiKeys.remove(credential)
        }
    }

    /// The client a valid token was issued to.
    func owner(ofToken token: String) -> String? {
        guard let grant = entries.withLock({ $0.grants[token] }), clock.now < grant.expiresAt
        else { return nil }
        return grant.owner
    }

    func isValid(apiKey: String) -> Bool { entries.withLock { $0.apiKeys.contains(apiKey) } }

    /// Whom a valid token or API key belongs to.
    func owner(of credential: String) -> String? {
        owner(ofToken: credential) ?? (isValid(apiKey: credential) ? "api-key" : nil)
    }

    /// RFC 9068 §2.2
    private func claims(
        of client: String, _ scope: String?, _ now: Int64, _ expiresAt: Int64
    ) -> [(name: String, value: PracticeServer.JSON)] {
        [
            ("iss", .string(issuer)), ("sub", .string(client)), ("client_id", .string(client)),
            ("aud", .string("practice")), ("iat", .number(now)), ("exp", .number(expiresAt)),
            ("jti", .string(Self.randomText())),
        ] + (scope.map { [("scope", .string($0))] } ?? [])
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
