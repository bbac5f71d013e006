import CredCore
import CredOAuth
import CredSystem

/// The dialogue with the person who logs in: questions, messages and pages, with a deadline.
struct LoginDialogue: Sendable {
    let context: ProfileContext
    let request: LoginRequest
    let tell: @Sendable (LoginEvent) -> Void
    /// When the login times out, in terms of `world.clock.uptime`.
    let deadline: Int64

    init(
        _ context: ProfileContext, _ request: LoginRequest,
        tell: @escaping @Sendable (LoginEvent) -> Void
    ) {
        self.context = context
        self.request = request
        self.tell = tell
        deadline = context.world.clock.uptime() + request.timeout * 1000
    }

    var choice: ProfileChoice { context.choice }
    var profile: ProfileName { context.profile }
    var world: World { context.world }

    /// The seconds left until the deadline, which includes the time spent waiting for another
    /// login.
    var timeLeft: Seconds { (max(deadline - world.clock.uptime(), 0) + 999) / 1000 }

    /// Whether there is a browser and the request allows us to open it.
    var opensBrowser: Bool { request.browser == .open && Browser.isExpected }

    /// Opens a page in the browser, if there is one and the request allows it.
    /// - Parameter url: everybody on this machine can read it; see `StartPage`.
    func open(_ url: WebURL?) -> LoginEvent.Opened {
        guard let url, opensBrowser,
            BackgroundProcess.startAsOrphan(by: ["browse", url.description])
        else { return .notAtAll }
        return .byBrowser
    }

    /// Prompts on the terminal and returns the person's answer; never an empty line.
    /// - Parameters:
    ///   - what: the name of the value, as it begins a sentence.
    ///   - other: how to give the value without a terminal, for the message if there is none.
    func ask(_ what: String, _ echo: Terminal.Echo, or other: Alternative) throws(Failure) -> Secret
    {
        guard let terminal = Terminal() else { throw .nobodyToAsk(choice, other) }
        switch terminal.ask(question(what), echo, until: deadline) {
        case .line(let text):
            guard text.isEmpty else { return text }
            throw .loginRefused(choice, "nothing was entered")
        case .ended: throw .loginRefused(choice, Self.noLine)
        case .timedOut:
            throw .loginRefused(choice, "nothing was entered within \(request.timeout.inWords)")
        }
    }

    /// The prompt, which names the profile because another program may have started planet-cred.
    func question(_ what: String, or other: String = "") -> String {
        "\(what) for profile '\(profile)'\(other): "
    }

    /// The reason for a prompt without an answer.
    static let noLine = "nothing was entered, or the input is too long for a terminal or not UTF-8"

    /// How to give a value without typing it at a terminal.
    enum Alternative: Sendable {
        case keyFile
        case userVariables
    }

    /// Asks a server for something in exchange for a user's name and password: from the profile,
    /// else from the variables of Planet's Python tools, else from a prompt. A typed password that
    /// is wrong is asked for again, three times in all; the name stays.
    ///
    /// - Parameters:
    ///   - name: the name of the user name, as it begins a sentence.
    ///   - refusal: the server's reason if it says that the password is wrong; `nil` for any other
    ///     answer.
    func exchange<Value>(
        _ stored: UserCredentials, named name: String,
        refusal: (EndpointResult<Value>) -> String?,
        send: (String, Secret) throws(Failure) -> EndpointResult<Value>
    ) throws(Failure) -> (username: String, result: EndpointResult<Value>) {
        let username: String
        if let known = stored.username ?? context.locations.environment("PL_AUTH_USERNAME") {
            username = known
        } else {
            username = try ask(name, .shown, or: .userVariables).reveal()
        }
        let known =
            stored.password ?? context.locations.environment("PL_AUTH_PASSWORD").map { Secret($0) }
        if let known { return (username, try send(username, known)) }
        var attempt = 1
        while true {
            let password = try ask(
                "Password of '\(username.printable)'", .hidden, or: .userVariables)
            let result = try send(username, password)
            guard attempt < Self.passwordAttempts, let reason = refusal(result) else {
                return (username, result)
            }
            tell(.wrongPassword(reason))
            attempt += 1
        }
    }

    /// How often a password can be typed: as often as in most programs. Servers lock accounts after
    /// a few more.
    private static let passwordAttempts = 3
}

extension Failure {
    static func loginRefused(_ choice: ProfileChoice, _ reason: String) -> Failure {
        Operation.login.failure(
            .loginRequired, choice, because: reason, remedy: choice.loginCommand)
    }

    /// The error for a login that needs a person when there is none.
    /// - Parameter option: the option that makes the login work without a terminal.
    static func nobodyThere(_ choice: ProfileChoice, _ reason: String, instead option: String?)
        -> Failure
    {
        Operation.login.failure(
            .loginRequired, choice, because: reason,
            remedy: choice.loginCommand.map { command in
                option.map { "\(command) \($0)" } ?? "\(command)    # in a terminal"
            })
    }

    /// The error for a value that would have to be typed when there is no terminal.
    fileprivate static func nobodyToAsk(
        _ choice: ProfileChoice, _ other: LoginDialogue.Alternative
    ) -> Failure {
        let (what, remedy) =
            switch other {
            case .keyFile: ("an API key", choice.loginCommand.map { "\($0) --key-file FILE" })
            case .userVariables:
                (
                    "a user name and a password",
                    choice.loginCommand.map {
                        "export PL_AUTH_USERNAME=... PL_AUTH_PASSWORD=... && \($0)"
                    }
                )
            }
        return Operation.login.failure(
            .loginRequired, choice,
            because: "it asks for \(what), and there is no terminal to type at", remedy: remedy)
    }
}
