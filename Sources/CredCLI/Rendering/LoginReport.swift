import CredCore
import CredSession
import CredSystem

/// The messages of a login in words, for a person.
struct LoginReport: Sendable {
    let profile: ProfileName
    let qrCode: LoginOptions.QRCodeUse
    let locations: Locations

    func tell(_ event: LoginEvent, _ voice: LoginVoice) {
        switch event {
        case .timeLeft(let seconds):
            voice.replaceLine(
                "planet-cred: waiting for you, \(seconds.inWords) left (press Ctrl-C to stop) ")
        case .waiting where voice.replacesLines: break
        case .othersLogIn, .visit, .enterCode, .ignored, .pastedOther, .wrongPassword, .waiting:
            voice.endLine()
            voice.say(lines(event, voice).map { "planet-cred: \($0)\n" }.joined())
            if let url = url(event), qrCode == .shown { voice.say(self.qrCode(url)) }
        }
    }

    /// The lines of a message, made printable but not shortened: a shortened URL would not work.
    private func lines(_ event: LoginEvent, _ voice: LoginVoice) -> [String] {
        switch event {
        case .timeLeft: []
        case .waiting(let seconds):
            ["waiting for you, at most \(seconds.inWords); press Ctrl-C to stop"]
        case .pastedOther(let reason): [reason.printable]
        case .wrongPassword(let reason): ["\(reason.printable); try again"]
        case .othersLogIn(let holder):
            [
                "another login with profile '\(profile)' is in progress (\(holder.printable)); waiting for it"
            ]
        case .ignored(let reason): ["ignoring a reply: \(reason.printable)"]
        case .visit(let page): [invitation(page), "  \(page.url)"] + hints(page, voice)
        case .enterCode(let page):
            [
                "to log in with profile '\(profile)', open \(page.url)",
                "and enter the code  \(page.userCode)",
            ] + shortcut(page)
        }
    }

    /// The lines about the page that already contains the code.
    private func shortcut(_ page: LoginEvent.DevicePage) -> [String] {
        guard let url = page.completeURL else { return [] }
        switch page.opened {
        case .byBrowser: return ["or confirm the code in the browser window that opens"]
        case .notAtAll: return ["or open this page and confirm the code:", "  \(url)"]
        }
    }

    private func invitation(_ page: LoginEvent.AuthorizationPage) -> String {
        switch (page.opened, page.reply) {
        case (.byBrowser, _):
            "log in with profile '\(profile)' in the browser; if none has opened, open this page:"
        case (.notAtAll, .arrives):
            "to log in with profile '\(profile)', open this page in a browser on this machine:"
        case (.notAtAll, .isPasted):
            "to log in with profile '\(profile)', open this page and paste the code that it shows:"
        }
    }

    /// Instructions for a browser on another machine.
    private func hints(_ page: LoginEvent.AuthorizationPage, _ voice: LoginVoice) -> [String] {
        guard case .arrives(let host, let port) = page.reply else { return [] }
        let paste =
            voice.isTypedAt ? ["or in any browser, and paste the URL of the last page here"] : []
        guard page.opened == .notAtAll, let connection = locations.environment("SSH_CONNECTION")
        else { return paste }
        let words = connection.split(separator: " ")
        let server = words.count == 4 ? String(words[2]) : "THIS-MACHINE"
        let forward = "\(port):\(host):\(port)"
        return paste + [
            "over ssh, forward the port first: ssh -N -L \(forward.shellQuoted) \(server)"
        ]
    }

    private func url(_ event: LoginEvent) -> WebURL? {
        switch event {
        case .visit(let page): page.url
        case .enterCode(let page): page.completeURL ?? page.url
        case .othersLogIn, .timeLeft, .waiting, .ignored, .pastedOther, .wrongPassword: nil
        }
    }

    private func qrCode(_ url: WebURL) -> String {
        let width = Terminal()?.columnCount ?? 80
        let reason: String
        switch QRCode.draw(url.description, within: width) {
        case .drawn(let text): return text
        case .tooWide(let columnCount):
            reason = "it needs \(columnCount) columns, but the terminal has \(width)"
        case .missing: reason = "the program 'qrencode' was not found; try: apt install qrencode"
        case .failed(let why): reason = why
        }
        return "planet-cred: no QR code: \(reason.printable)\n"
    }

    /// The report of a login: who logged in, for which hosts, until when, and what happens then.
    func text(_ login: LoggedIn) -> String {
        let person = login.person.map { " as \($0)" } ?? ""
        let hosts = login.profile.hosts.map { $0.text }
        let more = hosts.count > 3 ? " and \(hosts.count - 3) more" : ""
        let places =
            hosts.isEmpty ? "for no host" : "for \(hosts.prefix(3).joined(separator: ", "))\(more)"
        let end = login.expiresAt.map { "token valid until \($0.rfc3339), " } ?? ""
        let outlook =
            switch login.outlook {
            case .renewsItself: "\(end)renewed automatically"
            case .renewsItselfUntil(let last): "\(end)renewed automatically until \(last.rfc3339)"
            case .ends: "\(end)then a new login is needed"
            case .lasts: "an API key does not expire"
            }
        let line = "logged in with profile '\(profile)'\(person) \(places); \(outlook)"
        return "planet-cred: \(line.printable)\n"
    }
}

/// Where a login writes to the person: standard error, or the controlling terminal if standard
/// error is captured.
enum LoginVoice: Sendable {
    case standardError
    case terminal
    /// Standard error where there is no terminal: a session of ssh, a notebook, the log of a job.
    case capturedError
    case nobody

    /// - Parameter options: a login waits for a person who reads a log only if an option asks for
    ///   that.
    static func current(_ options: LoginOptions) -> LoginVoice {
        if StandardStreams.errorIsTerminal { return .standardError }
        if Terminal.isThere { return .terminal }
        let isAskedFor = options.flow == .deviceCode || options.browser == .printOnly
        return isAskedFor && StandardStreams.errorIsKept ? .capturedError : .nobody
    }

    var audience: LoginRequest.Audience {
        switch self {
        case .standardError, .terminal: .person
        case .capturedError: .reader
        case .nobody: .nobody
        }
    }

    /// Whether a person can type.
    var isTypedAt: Bool {
        switch self {
        case .standardError, .terminal: true
        case .capturedError, .nobody: false
        }
    }

    /// Whether a line can be shown that the next one replaces.
    var replacesLines: Bool { isTypedAt && Terminal.replacesLines }

    /// Writes whole lines.
    func say(_ text: String) {
        switch self {
        case .standardError, .capturedError, .nobody: StandardStreams.writeError(text)
        case .terminal:
            guard let terminal = Terminal() else { return }
            terminal.write(text)
        }
    }

    /// Writes the result, which also goes to a captured standard error.
    func conclude(_ text: String) {
        StandardStreams.writeError(text)
        if self == .terminal { say(text) }
    }

    /// Writes a line that the next one replaces.
    func replaceLine(_ text: String) {
        guard isTypedAt, let terminal = Terminal() else { return }
        terminal.replaceLine(text)
    }

    /// Removes a line that was to be replaced.
    func endLine() {
        replaceLine("")
    }
}
