import Synchronization

/// The authorization codes handed out. Each can be used once, and soon. RFC 6749 §4.1.2
final class CodeLedger: Sendable {
    /// In seconds; the RFC's limit.
    private static let lifetime: Int64 = 600

    struct Code {
        let permission: Permission
        let request: AuthorizationRequest
        let expiresAt: Int64
        var isSpent = false
    }

    private let clock: PracticeClock
    private let codes = Mutex<[String: Code]>([:])

    init(clock: PracticeClock) { self.clock = clock }

    func add(_ permission: Permission, for request: AuthorizationRequest) -> String {
        let text = "code-" + TokenLedger.randomText()
        codes.withLock {
            $0[text] = Code(
                permission: permission, request: request, expiresAt: clock.now + Self.lifetime)
        }
        return text
    }

    /// Spends a code of the client, also one that is spent or too old: the code as it was before.
    func spend(_ text: String, of client: String) -> Code? {
        codes.withLock { codes in
            guard let code = codes[text], code.permission.client == client else { return nil }
            codes[text]?.isSpent = true
            return code
        }
    }
}
