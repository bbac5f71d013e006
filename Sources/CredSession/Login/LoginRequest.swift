package import CredCore

/// How a person wants to log in.
package struct LoginRequest: Hashable, Sendable {
    package var flow: Flow
    package var browser: BrowserUse
    package var key: KeySource
    package var audience: Audience
    /// How long the person may take, in seconds.
    package var patience: Seconds

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
    package static let usualPatience: Seconds = 300

    package init(
        flow: Flow = .ofProfile, browser: BrowserUse = .open, key: KeySource = .terminal,
        audience: Audience, patience: Seconds = usualPatience
    ) {
        self.flow = flow
        self.browser = browser
        self.key = key
        self.audience = audience
        self.patience = patience
    }
}
