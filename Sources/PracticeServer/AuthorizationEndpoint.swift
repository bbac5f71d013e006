/// Where a person's browser asks for a code. RFC 6749 §3.1
///
/// The person is logged in already and agrees to everything, unless a script says otherwise. A
/// wrong request is never sent back to the client: a test would take that for an answer.
struct AuthorizationEndpoint {
    static let path = "/authorize"

    let site: Site

    func answer(_ request: PracticeServer.Request) -> PracticeServer.Answer {
        guard request.method == "GET" else { return .notAllowed(only: "GET") }
        do throws(AuthorizationRequest.Problem) {
            let asked = try AuthorizationRequest(
                query: request.query, from: site.configuration.clients)
            return answer(asked)
        } catch {
            return .plain(400, error.text)
        }
    }

    private func answer(_ asked: AuthorizationRequest) -> PracticeServer.Answer {
        let issuer = site.configuration.namesIssuer ? site.issuer : nil
        switch site.authorizeAnswers.next() ?? .code {
        case .code:
            return redirect(asked, code(asked) + tail(state: asked.state, issuer))
        case .error(let code, let description):
            return redirect(
                asked,
                [("error", code)] + (description.map { [("error_description", $0)] } ?? [])
                    + tail(state: asked.state, issuer))
        case .state(let state):
            return redirect(asked, code(asked) + tail(state: state, issuer))
        case .issuer(let issuer):
            return redirect(asked, code(asked) + tail(state: asked.state, issuer))
        case .duplicate(let name):
            let parameters = code(asked) + tail(state: asked.state, issuer)
            return redirect(asked, parameters + parameters.filter { $0.name == name })
        case .codeAndError:
            return redirect(
                asked,
                code(asked) + [("error", "access_denied")] + tail(state: asked.state, issuer))
        case .page:
            return .page("Please log in")
        }
    }

    private typealias Parameters = [(name: String, value: String)]

    private func code(_ asked: AuthorizationRequest) -> Parameters {
        let permission = Permission(client: asked.client, scope: asked.scope, person: .atBrowser)
        return [("code", site.codes.add(permission, for: asked))]
    }

    private func tail(state: String?, _ issuer: String?) -> Parameters {
        (state.map { [("state", $0)] } ?? []) + (issuer.map { [("iss", $0)] } ?? [])
    }

    /// A redirect URI may have a query, which it keeps. RFC 6749 §3.1.2
    private func redirect(
        _ asked: AuthorizationRequest, _ parameters: Parameters
    ) -> PracticeServer.Answer {
        let separator = asked.redirectURI.contains("?") ? "&" : "?"
        let location = asked.redirectURI + separator + Form.encode(parameters)
        return PracticeServer.Answer(
            status: 302, headers: ["Location": location, "Cache-Control": "no-store"])
    }
}
