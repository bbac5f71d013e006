package import CredCore

/// The options of a login.
package struct LoginRequest: Hashable, Sendable {
    package var flow: Flow
    package var browser: BrowserUse
    package var key: KeySource
    package var audience: Audience
    /// The timeout of the login, in seconds.
    package var timeout: Seconds

    package enum Flow: Hashable, Sendable {
        /// The grant that the profile names.
        case ofProfile
        /// The device authorization grant, whatever the profile names. RFC 8628.
        case deviceCode
    }

    package enum BrowserUse: Hashable, Sendable {
        /// Open a browser if there is one.
        case open
        /// Only show the URL.
        case printOnly
    }

    /// Where an API key comes from.
    package enum KeySource: Hashable, Sendable {
        case terminal
        case standardInput
        case file(String)
    }

    /// Who reads the messages of the login.
    package enum Audience: Hashable, Sendable {
        /// A person at a terminal.
        case person
        /// A person who reads standard error and has no terminal.
        case reader
        /// A program that presents the messages in its own way.
        case program
        /// Nobody can read the messages.
        case nobody
    }

    /// The default timeout, five minutes as in Planet's Python tools.
    package static let defaultTimeout: Seconds = 300

    package init(
        flow: Flow = .ofProfile, browser: BrowserUse = .open, key: KeySource = .terminal,
        audience: Audience, timeout: Seconds = defaultTimeout
    ) {
        self.flow = flow
        self.browser = browser
        self.key = key
        self.audience = audience
        self.timeout = timeout
    }
}

/// A message of the login to the person, or to a program that presents it.
package enum LoginEvent: Sendable {
    /// Another process logs in to the same profile; its holder note.
    case othersLogIn(holder: String)
    case visit(AuthorizationPage)
    case enterCode(DevicePage)
    /// The login starts to wait for the person; the seconds that are left.
    case waiting(Seconds)
    /// The seconds that are left now.
    case timeLeft(Seconds)
    /// The person pasted something that does not end the login; what it is, in words.
    case pastedOther(String)
    /// The password was wrong, in the server's words; the person is asked again.
    case wrongPassword(String)
    /// A redirect was ignored because it did not come from the server; the reason in words.
    case ignored(String)

    /// The page on which the person agrees.
    package struct AuthorizationPage: Hashable, Sendable {
        package let url: WebURL
        package let opened: Opened
        package let reply: Reply
        package let expiresAt: UnixTime
    }

    /// The page on which the person enters a code. RFC 8628 §3.3.
    package struct DevicePage: Hashable, Sendable {
        package let userCode: String
        package let url: WebURL
        /// The URL that already contains the code, if the server sent one.
        package let completeURL: WebURL?
        package let opened: Opened
        package let expiresAt: UnixTime
    }

    package enum Opened: Hashable, Sendable {
        case byBrowser
        case notAtAll
    }

    /// How the server's reply reaches this process.
    package enum Reply: Hashable, Sendable {
        /// The browser delivers it to this port of this machine; a browser elsewhere needs the port
        /// forwarded.
        case arrives(at: Host, port: Int)
        /// The person copies it from the browser.
        case isPasted
    }
}
