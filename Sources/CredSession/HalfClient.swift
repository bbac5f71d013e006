/// One of the two words that are a service account only together: a job whose secret is missing.
struct HalfClient: Hashable, Sendable {
    private let present: String
    private let missing: String

    /// `nil` where both are there or neither is.
    /// - Parameter value: of a variable or member; `nil` if it is missing or empty.
    init?(_ value: (String) -> String?) {
        let (id, secret) = ("PL_AUTH_CLIENT_ID", "PL_AUTH_CLIENT_SECRET")
        switch (value(id), value(secret)) {
        case (.some, .none): (present, missing) = (id, secret)
        case (.none, .some): (present, missing) = (secret, id)
        case (.some, .some), (.none, .none): return nil
        }
    }

    var words: String { "\(present) is set, \(missing) is not" }
}
