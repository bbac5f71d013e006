import CredCore

/// An error answer of an authorization server. RFC 6749 §5.2.
package struct OAuthRejection: Hashable, Sendable {
    package let status: Int
    /// `invalid_client`; `nil` where the server gave no code. To decide by, as the server sent it:
    /// `reason` is what to show.
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

    /// What trouble the server is in, which may be over later; `nil`: it means its no. RFC 6749
    /// §4.1.2.1 has these codes for replies through a browser; other endpoints use them as well.
    ///
    /// Without the explanation, which may repeat what the server was sent.
    package var trouble: String? {
        guard let code, ["server_error", "temporarily_unavailable"].contains(code) else {
            return nil
        }
        return "the server answered '\(code)'"
    }

    /// The same, should the server have repeated secrets that it was sent.
    func hiding(_ secrets: [Secret]) -> OAuthRejection {
        OAuthRejection(
            status: status, code: code, shownAs: shownCode?.hiding(secrets),
            explanation: explanation?.hiding(secrets))
    }

    /// The server's words in one clause.
    package var reason: String {
        let answer = shownCode.map { "'\($0)'" } ?? "with HTTP status \(status)"
        return explanation.map { "the server answered \(answer): \($0)" }
            ?? "the server answered \(answer)"
    }
}

extension OAuthRejection {
    /// Servers that know no OAuth explain themselves in a `message` or in `errors`.
    init(_ status: Int, _ answer: JSONObject?) {
        let explanations = ["error_description", "message", "errors"].lazy.compactMap {
            answer?[$0]?.string
        }
        self.init(
            status: status, code: answer?["error"]?.string, explanation: explanations.first)
    }
}

extension JSONObject {
    /// Some servers say that all is well by an empty error.
    var namesError: Bool {
        guard let error = self["error"] else { return false }
        return error != .null && error != .string("")
    }
}
