/// The public keys of signed tokens. RFC 7517 §5
struct KeySet {
    static let path = "/jwks"

    func answer(_ request: PracticeServer.Request) -> PracticeServer.Answer {
        guard ["GET", "HEAD"].contains(request.method) else {
            return .notAllowed(only: "GET, HEAD")
        }
        switch SigningKey.ofProcess {
        case .failure(let error):
            return .plain(500, "no signing key: \(error)")
        case .success(let key):
            let jwk: PracticeServer.JSON = [
                "kty": "RSA", "use": "sig", "alg": "RS256", "kid": .string(SigningKey.name),
                "n": .string(key.modulus), "e": "AQAB",
            ]
            return PracticeServer.Answer(json: ["keys": [jwk]])
        }
    }
}
