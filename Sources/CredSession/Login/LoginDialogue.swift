import CredCore
import CredSystem

/// The dialogue with the person who logs in: what they are told, asked and shown until their time is
/// over.
struct LoginDialogue: Sendable {
    let context: ProfileContext
    let request: LoginRequest
    let tell: @Sendable (LoginEvent) -> Void
    /// Until when the person may take, of `world.clock.uptime`.
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

    /// How long the person still has; what came before, such as another's login, took its part.
    var timeLeft: Seconds { (max(deadline - world.clock.uptime(), 0) + 999) / 1000 }

    /// Shows a page to the person, if there is one and they want that.
    func open(_ url: WebURL?) -> LoginEvent.Opened {
        guard let url, request.browser == .open, Browser.isExpected,
            BackgroundProcess.startAsOrphan(by: ["browse", url.description])
        else { return .notAtAll }
        return .byBrowser
    }

    /// What the person types on the terminal in answer to a question; never an empty line.
    /// - Parameter what: is asked for, as it begins a sentence.
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

    /// Whoever is asked must know for what: another program may have started us.
    func question(_ what: String, or other: String = "") -> String {
        "\(what) for profile '\(profile)'\(other): "
    }

    /// Why a question was left without a line in answer.
    static let noLine = "nothing was entered, or the input is too long for a terminal or not UTF-8"

    /// A user's name and password: from the profile, from the variables that Planet's Python tools
    /// read, else from the person.
    /// - Parameter name: what the user's name is called, as it begins a sentence.
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

    /// Nobody is there who could do their part.
    static func nobodyThere(_ choice: ProfileChoice, _ reason: String) -> Failure {
        Operation.login.failure(
            .loginRequired, choice, because: reason,
            remedy: choice.loginCommand.map { "\($0)    # in a terminal" })
    }
}
