/// What texts for people say, and what it is where a test plays them; longer texts before their
/// parts.
struct Names: Sendable {
    var pairs: [(documented: String, actual: String)]

    /// A documented text, as it is here.
    func staged(_ text: String) -> String {
        pairs.reduce(text) { $0.replacing($1.documented, with: $1.actual) }
    }

    /// A text from here, as it would be documented; of an authorization URL the place alone.
    func documented(_ text: String) -> String {
        pairs.reduce(text) { $0.replacing($1.actual, with: $1.documented) }
            .replacing(/\/authorize\?response_type=[^\s"]*/, with: "/authorize?...")
    }
}
