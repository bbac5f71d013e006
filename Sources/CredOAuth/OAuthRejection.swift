package import CredCore

/// An error response of an authorization server. RFC 6749 §5.2.
package struct OAuthRejection: Hashable, Sendable {
    package let status: Int
    /// The error code exactly as sent, such as `invalid_client`; `nil` if there was none. Branch on
    /// it, but show `reason` instead: it hides secrets.
    package let code: String?
    /// The server's explanation as it may be shown.
    package let explanation: String?
    private let shownCode: String?

    /// - Parameter sent: the secrets to hide in texts of the server.
    package init(status: Int, code: String?, explanation: String?, sent: SentSecrets) {
        self.status = status
        self.code = code
        shownCode = code.map { sent.words($0, .code) }
        self.explanation = explanation.map { sent.words($0, .sentence) }
    }

    /// An answer with this status and no words.
    package init(status: Int) {
        self.init(status: status, code: nil, explanation: nil, sent: .none)
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

    /// The server's answer in one clause, for messages.
    package var reason: String {
        let answer = shownCode.map { "'\($0)'" } ?? "with HTTP status \(status)"
        return explanation.map { "the server answered \(answer): \($0)" }
            ?? "the server answered \(answer)"
    }
}

extension OAuthRejection {
    /// Reads the body of a response; servers without OAuth put code and explanation into an object
    /// or a list.
    init(_ status: Int, _ answer: JSONObject?, sent: SentSecrets) {
        let nested = answer?["error"]?.object
        self.init(
            status: status, code: answer?.text("error") ?? nested?.text(["error", "code"]),
            explanation: answer.flatMap(ErrorExplanation.text), sent: sent)
    }
}

extension JSONObject {
    /// Whether there is an `error`; some servers send an empty one with a success.
    var namesError: Bool {
        has("error") && self["error"] != .bool(false)
    }
}
