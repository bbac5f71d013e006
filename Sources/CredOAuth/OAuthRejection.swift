import CredCore

/// An error response of an authorization server. RFC 6749 §5.2.
package struct OAuthRejection: Hashable, Sendable {
    package let status: Int
    /// The error code exactly as sent, such as `invalid_client`; `nil` if there was none. Branch on
    /// it, but show `reason` instead: it hides secrets.
    package let code: String?
    package let explanation: String?
    private let shownCode: String?

    package init(status: Int, code: String?, explanation: String?) {
        self.init(status: status, code: code, shownAs: code, explanation: explanation)
    }

    private init(status: Int, code: String?, shownAs shownCode: String?, explanation: String?) {
        self.status = status
        self.code = code
        self.shownCode = shownCode
        self.explanation = explanation
    }

    /// The server's temporary problem, in words; `nil` for a permanent refusal.
    ///
    /// RFC 6749 §4.1.2.1 defines these codes for redirects; other endpoints use them as well.
    ///
    /// Leaves out the explanation, which may repeat what was sent.
    package var trouble: String? {
        guard let code, ["server_error", "temporarily_unavailable"].contains(code) else {
            return nil
        }
        return "the server answered '\(code)'"
    }

    /// The same rejection with these secrets removed from the server's words.
    func hiding(_ secrets: [Secret]) -> OAuthRejection {
        OAuthRejection(
            status: status, code: code, shownAs: shownCode?.hiding(secrets),
            explanation: explanation?.hiding(secrets))
    }

    /// The server's answer in one clause, for messages.
    package var reason: String {
        let answer = shownCode.map { "'\($0)'" } ?? "with HTTP status \(status)"
        return explanation.map { "the server answered \(answer): \($0)" }
            ?? "the server answered \(answer)"
    }
}

extension OAuthRejection {
    /// Reads the body of a response; servers without OAuth put the explanation into `message` or
    /// `errors`.
    init(_ status: Int, _ answer: JSONObject?) {
        let explanations = ["error_description", "message", "errors"].lazy.compactMap {
            answer?[$0]?.string
        }
        self.init(
            status: status, code: answer?["error"]?.string, explanation: explanations.first)
    }
}

extension JSONObject {
    /// Whether there is an `error`; some servers send an empty one with a success.
    var namesError: Bool {
        guard let error = self["error"] else { return false }
        return error != .null && error != .string("")
    }
}
