import CredCore
import CredOAuth
import CredSystem

/// A login in a browser: authorization code with PKCE. RFC 6749 §4.1, RFC 7636, RFC 8252.
struct BrowserLogin: Sendable {
    private let dialogue: LoginDialogue
    private let keeping: LoginKeeping
    private let server: LoginServer
    /// The profile's own page to show after a login.
    private let acknowledgement: Grant.Acknowledgement?

    init(
        _ client: OAuthClient, _ acknowledgement: Grant.Acknowledgement?,
        _ dialogue: LoginDialogue, _ keeping: LoginKeeping
    ) throws(Failure) {
        self.dialogue = dialogue
        self.keeping = keeping
        self.acknowledgement = acknowledgement
        server = try LoginServer(client, for: .authorization, dialogue)
    }

    private var choice: ProfileChoice { dialogue.choice }
    private var world: World { dialogue.world }
    private var audience: LoginRequest.Audience { dialogue.request.audience }

    func run(_ redirects: RedirectURIs) throws(Failure) -> LoggedIn {
        // Never `plain`, which proves nothing. RFC 9700 §2.1.1.
        guard server.takesPKCE else {
            throw Operation.login.failure(
                .unavailable, choice,
                because: "'\(server.client.server.identifier)' does not support PKCE with S256",
                remedy: nil)
        }
        switch redirects {
        case .local(let local): return try listen(local)
        case .remote(let remote): return try paste(remote)
        case .both(let local, let remote):
            // Pasting needs a person, and only one without a browser on this machine has to.
            let isPasted = audience == .person && !Browser.isExpected
            return try isPasted ? paste(remote) : listen(local)
        }
    }

    /// Listens for the redirect on a port of this machine; also accepts what the person copies from
    /// a browser elsewhere.
    private func listen(_ local: LoopbackRedirect) throws(Failure) -> LoggedIn {
        var listener = try LoopbackListener(local.addresses, port: local.port)
        let attempt = try attempt(local.uri(port: listener.port))
        // Even if nobody reads the URL, a person can agree in a browser that opens by itself.
        let terminal = audience == .person ? Terminal() : nil
        var pasting = Pasting(.address, to: attempt, dialogue)
        let origin = try Origin(scheme: .http, host: local.host, port: listener.port)
        let start = StartPage(leadingTo: attempt.url, at: origin, world.clock)
        let opened = dialogue.open(start.url)
        guard opened == .byBrowser || audience != .nobody else {
            throw .nobodyThere(
                choice, "cannot open a browser, and there is no terminal to show the URL on",
                instead: server.offersDeviceCode ? "--device" : "--no-open")
        }
        tell(attempt, opened, .arrives(at: local.host, port: listener.port))
        var countdown = Countdown(dialogue)
        var told: Set<String> = []
        // Each reason is reported once: thousands of lines would fill a pipe that nobody reads.
        func ignore(_ reason: String) {
            if told.insert(reason).inserted { dialogue.tell(.ignored(reason)) }
        }
        while true {
            countdown.tell()
            switch listener.next(until: countdown.moment, or: terminal) {
            case .timedOut:
                if countdown.moment >= dialogue.deadline { throw tooLate() }
                countdown.advance()
            case .line(let line):
                countdown.restart()
                if let reply = pasting.reply(in: line), let loggedIn = try finish(reply, attempt) {
                    return loggedIn
                }
            case .request(let request):
                let peer = listener.peer(of: request)
                if let page = start.answer(to: request, from: peer, refused: ignore) {
                    listener.answer(request, page)
                    continue
                }
                let reply = reply(in: request, path: local.path, to: attempt)
                if case .foreign(let reason) = reply { ignore(reason) }
                if let loggedIn = try answer(request, with: reply, to: attempt, &listener) {
                    return loggedIn
                }
            }
        }
    }

    /// Answers a request, and finishes the login if its reply says how; `nil` if the login goes on.
    private func answer(
        _ request: LocalRequest, with reply: RedirectReply?, to attempt: AuthorizationRequest,
        _ listener: inout LoopbackListener
    ) throws(Failure) -> LoggedIn? {
        switch reply {
        case nil: listener.answer(request, RedirectPage.notFound)
        case .foreign: listener.answer(request, RedirectPage.notOurs)
        case let reply?:
            let outcome = Result { () throws(Failure) in try finish(reply, attempt) }
            listener.answerAll(like: request, page(of: outcome))
            return try outcome.get()
        }
        return nil
    }

    /// Asks for the code that the remote redirect page shows.
    private func paste(_ redirectURI: String) throws(Failure) -> LoggedIn {
        guard audience == .person, let terminal = Terminal() else {
            throw .nobodyThere(
                choice, "cannot open a browser, and there is no terminal to paste the code into",
                instead: server.offersDeviceCode ? "--device" : nil)
        }
        let attempt = try attempt(redirectURI)
        var pasting = Pasting(.addressOrCode, to: attempt, dialogue)
        tell(attempt, .notAtAll, .isPasted)
        while true {
            let question = dialogue.question("Code", or: ", or the whole URL")
            switch terminal.ask(question, .hidden, until: dialogue.deadline) {
            case .timedOut: throw tooLate()
            case .ended: throw .loginRefused(choice, LoginDialogue.noLine)
            case .line(let line):
                if let reply = pasting.reply(in: line), let loggedIn = try finish(reply, attempt) {
                    return loggedIn
                }
            }
        }
    }

    private func attempt(_ redirectURI: String) throws(Failure) -> AuthorizationRequest {
        AuthorizationRequest(
            server.client, endpoint: try server.url(.authorization), issuer: server.issuer,
            redirectURI: redirectURI, secrets: server.credential.secrets, world: world)
    }

    private func tell(
        _ attempt: AuthorizationRequest, _ opened: LoginEvent.Opened, _ reply: LoginEvent.Reply
    ) {
        dialogue.tell(
            .visit(
                LoginEvent.AuthorizationPage(
                    url: attempt.url, opened: opened, reply: reply,
                    expiresAt: world.clock.now() + dialogue.timeLeft)))
        dialogue.tell(.waiting(dialogue.timeLeft))
    }

    /// The reply in a request to the redirect URI; `nil` if it is for another path.
    private func reply(
        in request: LocalRequest, path: String, to attempt: AuthorizationRequest
    ) -> RedirectReply? {
        guard request.path == path, let query = request.query?.reveal() else { return nil }
        return RedirectReply(query: query, to: attempt)
    }

    /// Completes the login with a reply; `nil` for one that may have come from anybody.
    private func finish(_ reply: RedirectReply, _ attempt: AuthorizationRequest) throws(Failure)
        -> LoggedIn?
    {
        switch reply {
        case .code(let code):
            // Sent only once: a server may treat a repeated code as stolen. RFC 6749 §10.5.
            let response = try server.token(AuthorizationCodeGrant.fields(code, attempt))
            return try keeping.keep(
                response, server.client, server.credential, issuer: server.issuer,
                nonce: attempt.nonce)
        case .rejected(let rejection): throw .loginRejected(choice, rejection)
        case .unusable(let reason): throw .loginRefused(choice, reason)
        case .foreign(let reason):
            dialogue.tell(.ignored(reason))
            return nil
        }
    }

    private func tooLate() -> Failure {
        .loginRefused(
            choice, "the login timed out after \(dialogue.request.timeout.inWords)")
    }

    /// The page to show in the browser; success only after the token has been saved.
    private func page(of outcome: Result<LoggedIn?, Failure>) -> LocalPage {
        switch outcome {
        case .success(nil): RedirectPage.notOurs
        case .success: RedirectPage.done(choice.profile.name, acknowledgementText())
        case .failure(let failure): RedirectPage.failed(failure)
        }
    }

    private func acknowledgementText() -> String? {
        switch acknowledgement {
        case nil: return nil
        case .html(let text): return text
        case .file(let path):
            guard case .content(let content) = File.read(path, .anyFile) else {
                world.voice.notice("cannot read '\(path)', the page to show after the login")
                return nil
            }
            return String(decoding: content.bytes, as: UTF8.self)
        }
    }
}

extension LoopbackRedirect {
    /// The addresses to listen on; `localhost` may be IPv4 or IPv6, depending on the browser.
    fileprivate var addresses: [LoopbackAddress] {
        switch host.description {
        case "localhost": [.ipv4, .ipv6]
        case "[::1]": [.ipv6]
        default: [.ipv4]
        }
    }
}
