package import CredCore

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
