package import CredCore

/// How a person wants to log in.
package struct LoginRequest: Hashable, Sendable {
    package var flow: Flow
    package var browser: BrowserUse
    package var key: KeySource
    package var audience: Audience
    /// How long the person may take, in seconds.
    package var timeout: Seconds

    package enum Flow: Hashable, Sendable {
        /// What the profile says.
        case ofProfile
        /// RFC 8628, whatever the profile says.
        case deviceCode
    }

    package enum BrowserUse: Hashable, Sendable {
        /// Open one where there is one.
        case open
        /// Tell the URL and nothing more.
        case printOnly
    }

    /// Where an API key comes from.
    package enum KeySource: Hashable, Sendable {
        case terminal
        case standardInput
        case file(String)
    }

    /// Who follows the login.
    package enum Audience: Hashable, Sendable {
        case person
        /// A program that shows what we tell it in its own way.
        case program
        /// Nobody could read what we tell.
        case nobody
    }

    /// Five minutes: what Planet's Python tools give a person.
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

/// What a person, or a program that speaks for us, has to know during a login.
package enum LoginEvent: Sendable {
    /// Another process logs in to the same profile; what it left word of.
    case othersLogIn(holder: String)
    case visit(AuthorizationPage)
    case enterCode(DevicePage)
    /// The person still has so many seconds.
    case timeLeft(Seconds)
    /// Somebody sent a reply that is not the server's; why it was not taken, in words.
    case ignored(String)

    /// The page on which the person agrees.
    package struct AuthorizationPage: Hashable, Sendable {
        package let url: WebURL
        package let opened: Opened
        package let reply: Reply
        package let expiresAt: UnixTime
    }

    /// The page at which the person enters a code. RFC 8628 §3.3.
    package struct DevicePage: Hashable, Sendable {
        package let userCode: String
        package let url: WebURL
        /// The same with the code in it, where the server has one.
        package let completeURL: WebURL?
        package let opened: Opened
        package let expiresAt: UnixTime
    }

    package enum Opened: Hashable, Sendable {
        case byBrowser
        case notAtAll
    }

    /// How the server's reply gets back to us.
    package enum Reply: Hashable, Sendable {
        /// The browser brings it to this port of this machine; a browser elsewhere needs the port
        /// forwarded.
        case arrives(at: Host, port: Int)
        /// The person copies it from the browser.
        case isPasted
    }
}
