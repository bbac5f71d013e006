extension PracticeServer {
    /// How the authorization endpoint answers a request that is right. Each but `page` is a
    /// redirect to the client. RFC 6749 §4.1.2, RFC 9207
    package enum AuthorizeAnswer: Sendable {
        /// The person agreed.
        case code
        /// The person or the server did not: `access_denied` and others.
        case error(String, description: String? = nil)
        /// A code with this state instead of the client's; `nil` leaves it out.
        case state(String?)
        /// A code with this issuer instead of ours; `nil` leaves it out.
        case issuer(String?)
        /// A code, with this parameter twice.
        case duplicate(String)
        /// A code and `access_denied` at once.
        case codeAndError
        /// A page, as if the person went away before logging in.
        case page
    }
}
