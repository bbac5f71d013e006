/// Somebody who may log in.
struct Person: Sendable {
    let email: String

    /// The name of the account: `alice`.
    var subject: String { String(email.prefix { $0 != "@" }) }

    /// Who sits at the browser, is logged in there, and agrees to everything.
    static let atBrowser = Person(email: "alice@example.com")
}
