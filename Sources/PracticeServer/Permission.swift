/// What a token stands for: who may do what, and on whose behalf.
struct Permission: Sendable {
    let client: String
    var scope: String?
    /// Who logged in; `nil` where the client acts for itself.
    var person: Person?
    /// Common to all tokens that come from the same login or request.
    let family = TokenLedger.randomText()

    var subject: String { person?.subject ?? client }

    /// The words of the scope. RFC 6749 §3.3
    var scopes: Set<Substring> { Set((scope ?? "").split(separator: " ")) }
}
