/// How sending one request ended.
package enum Exchange: Hashable, Sendable {
    case answered(HTTPResponse)
    /// The server did not get the request; sending it again is harmless. The reason in words.
    case unreachable(String)
    /// The request may have arrived and the answer is lost. The reason in words.
    case interrupted(String)
    /// No use to try again: curl is missing, or TLS failed.
    case impossible(Failure)
}
