import CredCore
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
    /// - Parameter what: the name of the value, as it begins a sentence.
    func ask(_ what: String, _ echo: Terminal.Echo) throws(Failure) -> Secret {
        guard let terminal = Terminal() else {
            throw .nobodyThere(choice, "it asks for input, and there is no terminal")
        }
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

    /// A user's name and password from the profile, else from the variables of Planet's Python
    /// tools, else from a prompt.
    /// - Parameter name: the name of the user name, as it begins a sentence.
    func credentials(_ stored: UserCredentials, named name: String) throws(Failure)
        -> (username: String, password: Secret)
    {
        let username: String
        if let known = stored.username ?? context.locations.environment("PL_AUTH_USERNAME") {
            username = known
        } else {
            username = try ask(name, .shown).reveal()
        }
        let known =
            stored.password ?? context.locations.environment("PL_AUTH_PASSWORD").map { Secret($0) }
        if let known { return (username, known) }
        return (username, try ask("Password of '\(username.printable)'", .hidden))
    }
}

extension Failure {
    static func loginRefused(_ choice: ProfileChoice, _ reason: String) -> Failure {
        Operation.login.failure(
            .loginRequired, choice, because: reason, remedy: choice.loginCommand)
    }

    /// The error for a login that needs a person when there is none.
    static func nobodyThere(_ choice: ProfileChoice, _ reason: String) -> Failure {
        Operation.login.failure(
            .loginRequired, choice, because: reason,
            remedy: choice.loginCommand.map { "\($0)    # in a terminal" })
    }
}
