import Foundation
import Workbench

/// Planet's login from before OAuth2: an e-mail address and a password for an API key, which hides
/// in a JWT.
struct LegacyLogin {
    static let path = "/v0/auth/login"

    /// In seconds.
    private static let tokenLifetime: Int64 = 7 * 86_400

    let site: Site

    func answer(_ request: PracticeServer.Request) -> PracticeServer.Answer {
        guard request.method == "POST" else { return .notAllowed(only: "POST") }
        guard let (email, password) = Self.login(request) else {
            return PracticeServer.Answer(
                status: 400, json: ["message": "The JSON members email and password are required."])
        }
        guard site.configuration.people[email] == password else {
            return PracticeServer.Answer(
                status: 401, json: ["message": "Invalid email or password.", "errors": []])
        }
        do throws(Problem) {
            let token = try JWT(claims: claims(Person(email: email))).signed(among: site.children)
            return PracticeServer.Answer(json: ["token": .string(token)])
        } catch {
            return .plain(500, "no token: \(error)")
        }
    }

    private func claims(_ person: Person) -> JWT.Claims {
        let now = site.clock.now
        // The keys are a set: take the same one each time.
        let key = site.configuration.apiKeys.min()
        return [
            ("sub", .string(person.subject)), ("email", .string(person.email)),
            ("iat", .number(now)), ("exp", .number(now + Self.tokenLifetime)),
        ] + (key.map { [("api_key", .string($0))] } ?? [])
    }

    private static func login(
        _ request: PracticeServer.Request
    ) -> (email: String, password: String)? {
        let type = request.headers["Content-Type"]?.lowercased().split(separator: ";").first
        // What is not JSON is answered like JSON without the members.
        let object = try? JSONSerialization.jsonObject(with: Data(request.body))
        guard type?.trimmed == "application/json", let members = object as? [String: Any],
            let email = members["email"] as? String,
            let password = members["password"] as? String
        else { return nil }
        return (email, password)
    }
}
