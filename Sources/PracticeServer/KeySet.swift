import Workbench

/// The public keys of signed tokens. RFC 7517 §5
struct KeySet {
    static let path = "/jwks"

    func answer(_ request: PracticeServer.Request) -> PracticeServer.Answer {
        guard ["GET", "HEAD"].contains(request.method) else {
            return .notAllowed(only: "GET, HEAD")
        }
        do throws(Problem) {
            let keys = [
                try SigningKey.ofProcess(for: .rs256).jwk,
                try SigningKey.ofProcess(for: .es256).jwk,
            ]
            return PracticeServer.Answer(json: ["keys": .array(keys)])
        } catch {
            return .plain(500, "no signing key: \(error)")
        }
    }
}
