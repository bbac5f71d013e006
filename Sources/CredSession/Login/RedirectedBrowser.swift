import CredCore
import CredOAuth
import CredSystem

extension BrowserLogin {
    /// The browser comes back to this machine, to a port at which only we listen. What the person
    /// copies out of a browser elsewhere is taken too.
    func listen(_ local: LoopbackRedirect, _ server: LoginServer) throws(Failure)
        -> LoggedIn
    {
        var listener = try LoopbackListener(local.addresses, port: local.port)
        let attempt = try attempt(local.uri(port: listener.port), server)
        // Who cannot read a URL can still agree in a browser that opens by itself.
        let terminal = audience == .person ? Terminal() : nil
        let opened = login.open(attempt.url)
        guard opened == .byBrowser || audience != .nobody else {
            throw .nobodyThere(choice, "no browser opens, and there is no terminal for its URL")
        }
        login.tell(
            .visit(page(attempt, opened, .arrives(at: local.host, port: listener.port))))
        var told: Set<String> = []
        while true {
            switch listener.next(until: login.deadline, or: terminal) {
            case .timedOut: throw tooLate()
            case .line(let text):
                guard let reply = RedirectReply(pastedAddress: text.reveal(), to: attempt) else {
                    login.tell(.ignored("what was typed is not an address with a code"))
                    continue
                }
                if let loggedIn = try finish(reply, attempt, server) { return loggedIn }
            case .request(let request):
                switch reply(in: request, path: local.path, to: attempt) {
                case nil: listener.answer(request, .notFound)
                case .foreign(let reason):
                    // Thousands of them must not fill a pipe that nobody reads meanwhile.
                    if told.insert(reason).inserted { login.tell(.ignored(reason)) }
                    listener.answer(request, .notOurs)
                case let reply?:
                    let outcome = Result { () throws(Failure) in
                        try finish(reply, attempt, server)
                    }
                    listener.answerAll(like: request, page(of: outcome))
                    if let loggedIn = try outcome.get() { return loggedIn }
                }
            }
        }
    }

    /// What a request brings to the page that is registered; `nil` for another page.
    private func reply(
        in request: LocalRequest, path: String, to attempt: AuthorizationRequest
    ) -> RedirectReply? {
        guard request.path == path, let query = request.query?.reveal() else { return nil }
        return RedirectReply(query: query, to: attempt)
    }

    /// What the browser shows: success once it is true, for then the token is saved.
    private func page(of outcome: Result<LoggedIn?, Failure>) -> LocalPage {
        switch outcome {
        case .success(nil): .notOurs
        case .success: .done(choice.profile.name, acknowledgementText())
        case .failure(let failure): .failed(failure)
        }
    }

    private func acknowledgementText() -> String? {
        switch acknowledgement {
        case nil: return nil
        case .html(let text): return text
        case .file(let path):
            guard case .content(let content) = File.read(path, .anyFile) else {
                login.world.voice.notice("cannot read '\(path)', the page to show after a login")
                return nil
            }
            return String(decoding: content.bytes, as: UTF8.self)
        }
    }
}

extension LoopbackRedirect {
    /// `localhost` may mean either family, to a browser too.
    fileprivate var addresses: [LoopbackListener.Address] {
        switch host.description {
        case "localhost": [.ipv4, .ipv6]
        case "[::1]": [.ipv6]
        default: [.ipv4]
        }
    }
}
