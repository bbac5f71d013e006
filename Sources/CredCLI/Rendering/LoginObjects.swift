import CredCore
import CredSession
import CredSystem

/// The messages of a login as JSON, for a program that presents them: one object per line on
/// standard output.
struct LoginObjects: Sendable {
    func tell(_ event: LoginEvent) {
        guard let object = object(event) else { return }
        write(object)
    }

    /// Writes the last line.
    func tell(_ result: Result<LoggedIn, Failure>) {
        switch result {
        case .success(let login): write(object(login))
        case .failure(let failure): write(object(failure))
        }
    }

    private func object(_ event: LoginEvent) -> JSONObject? {
        switch event {
        case .timeLeft, .waiting: return nil
        case .othersLogIn(let holder):
            return ["event": .string("waiting"), "holder": .string(holder.printable)]
        case .ignored(let reason), .pastedOther(let reason), .wrongPassword(let reason):
            return ["event": .string("ignored"), "because": .string(reason.printable)]
        case .visit(let page):
            return [
                "event": .string("authorization"),
                "authorization_url": .string(page.url.description),
                "expires_at": .integer(page.expiresAt.seconds),
            ]
        case .enterCode(let page):
            var object: JSONObject = [
                "event": .string("device_authorization"),
                "verification_uri": .string(page.url.description),
            ]
            object["verification_uri_complete"] = page.completeURL.map { .string($0.description) }
            object["user_code"] = .string(page.userCode)
            object["expires_at"] = .integer(page.expiresAt.seconds)
            return object
        }
    }

    private func object(_ login: LoggedIn) -> JSONObject {
        var object: JSONObject = [
            "event": .string("logged_in"), "profile": .string(login.profile.name.description),
        ]
        object["person"] = login.person.map { .string($0.printable) }
        object["hosts"] = .array(login.profile.hosts.map { .string($0.text) })
        object["expires_at"] = login.expiresAt.map { .integer($0.seconds) }
        switch login.outlook {
        case .renewsItself: object["renews_itself"] = .bool(true)
        case .renewsItselfUntil(let end):
            object["renews_itself"] = .bool(true)
            object["renews_until"] = .integer(end.seconds)
        case .ends, .lasts: object["renews_itself"] = .bool(false)
        }
        return object
    }

    private func object(_ failure: Failure) -> JSONObject {
        var object: JSONObject = ["event": .string("failed"), "error": .string(failure.what)]
        object["because"] = failure.because.map(JSONValue.string)
        object["try"] = failure.remedy.map(JSONValue.string)
        object["exit_status"] = .integer(Int64(failure.kind.exitStatus))
        return object
    }

    /// Writes a line; an error is ignored, because a program that stops reading must not stop a
    /// login.
    private func write(_ object: JSONObject) {
        try? StandardStreams.write(Secret(JSONValue.object(object).text(.compact) + "\n"))
    }
}
