/// An error response of the token endpoint. RFC 6749 §5.2
struct OAuthError: Error {
    var code: String
    var status = 400
    var description: String?
    var delivery = PracticeServer.Answer.Delivery.whole

    static func invalidRequest(_ description: String) -> OAuthError {
        OAuthError(code: "invalid_request", description: description)
    }

    static func invalidClient(_ description: String) -> OAuthError {
        OAuthError(code: "invalid_client", status: 401, description: description)
    }

    static func invalidGrant(_ description: String) -> OAuthError {
        OAuthError(code: "invalid_grant", description: description)
    }

    static func serverError(_ cause: any Error) -> OAuthError {
        OAuthError(code: "server_error", status: 500, description: "\(cause)")
    }

    var answer: PracticeServer.Answer {
        var members: [(name: String, value: PracticeServer.JSON)] = [("error", .string(code))]
        if let description { members.append(("error_description", .string(description))) }
        var answer = PracticeServer.Answer(status: status, json: .object(members))
            .adding("Pragma", "no-cache")
        answer.delivery = delivery
        guard status == 401 else { return answer }
        return answer.adding("WWW-Authenticate", #"Basic realm="practice""#)
    }
}
